//===- Workers.cpp - Processes that work for this one ---------------------===//
//
// Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dsa/Runtime/Measure/Workers.h"

#include "llvm/ADT/StringRef.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using namespace mlir::dsa;
using llvm::StringRef;

using Clock = std::chrono::steady_clock;

namespace {
/// One end of a connection, over which go whole numbers and texts.
class Connection {
public:
  explicit Connection(int file = -1) : file(file) {}
  int getFile() const { return file; }

  bool send(const void *data, size_t size) const {
    const char *bytes = static_cast<const char *>(data);
    while (size) {
      // No signal if the other end is gone.
      ssize_t sent = ::send(file, bytes, size, MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR)
        continue;
      if (sent <= 0)
        return false;
      bytes += sent;
      size -= sent;
    }
    return true;
  }
  bool receive(void *data, size_t size) const {
    char *bytes = static_cast<char *>(data);
    while (size) {
      ssize_t got = ::read(file, bytes, size);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        return false;
      bytes += got;
      size -= got;
    }
    return true;
  }

  bool sendNumber(uint64_t number) const {
    return send(&number, sizeof(number));
  }
  bool receiveNumber(uint64_t &number) const {
    return receive(&number, sizeof(number));
  }
  bool sendText(StringRef text) const {
    return sendNumber(text.size()) && send(text.data(), text.size());
  }
  bool receiveText(std::string &text) const {
    uint64_t size;
    if (!receiveNumber(size))
      return false;
    text.resize(size);
    return receive(text.data(), size);
  }

private:
  int file;
};

struct Worker {
  pid_t process = -1;
  Connection connection;
  /// What it works on, and until when.
  std::optional<size_t> number;
  Clock::time_point deadline;
};

class Supervisor {
public:
  Supervisor(size_t count, unsigned jobs, unsigned seconds, Work work,
             llvm::function_ref<void(size_t, const Outcome &)> done)
      : count(count), seconds(seconds), work(work), done(done), workers(jobs) {}

  llvm::Error run();

private:
  llvm::Error start(Worker &worker);
  llvm::Error assign(Worker &worker);
  void collect(Worker &worker);
  void stop(Worker &worker, StringRef why);

  size_t count, next = 0;
  unsigned seconds;
  Work work;
  llvm::function_ref<void(size_t, const Outcome &)> done;
  std::vector<Worker> workers;
};
} // namespace

/// What a worker does until there is nothing left to do.
static void serve(const Connection &connection, Work work) {
  uint64_t number;
  while (connection.receiveNumber(number)) {
    Outcome outcome = work(number);
    if (!connection.sendNumber(outcome.broken) ||
        !connection.sendText(outcome.failure) ||
        !connection.sendText(outcome.answer) || outcome.broken)
      return;
  }
}

static std::string describeEnd(int status) {
  if (WIFSIGNALED(status))
    return std::string("the process died: ") + strsignal(WTERMSIG(status));
  return "the process ended with exit code " +
         std::to_string(WEXITSTATUS(status));
}

llvm::Error Supervisor::start(Worker &worker) {
  int files[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, files))
    return llvm::createStringError("cannot make a socket: %s", strerror(errno));
  pid_t process = fork();
  if (process < 0) {
    close(files[0]);
    close(files[1]);
    return llvm::createStringError("cannot make a process: %s",
                                   strerror(errno));
  }
  if (process == 0) {
    // One that hangs would keep the device after this process is killed.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(files[0]);
    // Otherwise the others' connections would outlive their workers.
    for (const Worker &other : workers)
      if (other.connection.getFile() >= 0)
        close(other.connection.getFile());
    serve(Connection(files[1]), work);
    // Nothing is torn down: a broken device would only complain.
    _exit(0);
  }
  close(files[1]);
  worker.process = process;
  worker.connection = Connection(files[0]);
  return llvm::Error::success();
}

void Supervisor::stop(Worker &worker, StringRef why) {
  if (worker.process < 0)
    return;
  if (!why.empty())
    kill(worker.process, SIGKILL);
  close(worker.connection.getFile());
  int status = 0;
  while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR)
    ;
  if (worker.number)
    done(*worker.number,
         {why.empty() ? describeEnd(status) : why.str(), true, {}});
  worker = Worker();
}

llvm::Error Supervisor::assign(Worker &worker) {
  if (worker.process < 0)
    if (auto error = start(worker))
      return error;
  // A worker that died since its last answer is replaced, once.
  if (!worker.connection.sendNumber(next)) {
    stop(worker, "");
    if (auto error = start(worker))
      return error;
    if (!worker.connection.sendNumber(next))
      return llvm::createStringError("a process died before it did anything");
  }
  worker.number = next++;
  worker.deadline = Clock::now() + std::chrono::seconds(seconds);
  return llvm::Error::success();
}

void Supervisor::collect(Worker &worker) {
  uint64_t broken;
  Outcome outcome;
  if (!worker.connection.receiveNumber(broken) ||
      !worker.connection.receiveText(outcome.failure) ||
      !worker.connection.receiveText(outcome.answer))
    return stop(worker, "");
  outcome.broken = broken;
  done(*worker.number, outcome);
  worker.number.reset();
  if (broken)
    stop(worker, "");
}

llvm::Error Supervisor::run() {
  while (true) {
    for (Worker &worker : workers)
      if (!worker.number && next < count)
        if (auto error = assign(worker))
          return error;
    std::vector<pollfd> waiting;
    auto deadline = Clock::time_point::max();
    for (Worker &worker : workers) {
      if (!worker.number)
        continue;
      waiting.push_back({worker.connection.getFile(), POLLIN, 0});
      deadline = std::min(deadline, worker.deadline);
    }
    if (waiting.empty())
      break;
    auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    poll(waiting.data(), waiting.size(), std::max<int64_t>(left.count(), 0));
    auto now = Clock::now();
    for (Worker &worker : workers) {
      if (!worker.number)
        continue;
      bool answered = false;
      for (const pollfd &entry : waiting)
        answered |= entry.fd == worker.connection.getFile() && entry.revents;
      if (answered)
        collect(worker);
      else if (now >= worker.deadline)
        stop(worker, "took more than " + std::to_string(seconds) + " s");
    }
  }
  // Workers end when their connection does.
  for (Worker &worker : workers)
    stop(worker, "");
  return llvm::Error::success();
}

llvm::Error mlir::dsa::runInWorkers(
    size_t count, unsigned jobs, unsigned seconds, Work work,
    llvm::function_ref<void(size_t, const Outcome &)> done) {
  return Supervisor(count, jobs, seconds, work, done).run();
}
