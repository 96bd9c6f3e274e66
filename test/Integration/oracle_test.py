# ===- oracle_test.py - tests of the oracle --------------------------------===#
#
# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# ===-----------------------------------------------------------------------===#
"""The oracle against results known by hand, scalar loops, and identities."""

import math
import unittest

import data
import numpy as np
import oracle
from program import ELEMENTS

INF, NAN = np.inf, np.nan


def f32(*values):
    return np.array(values, np.float32)


def dot(a, b):
    return sum(float(x) * float(y) for x, y in zip(a, b))


class IndexScores(unittest.TestCase):
    def test_by_hand(self):
        q = f32([[1, 2], [0, -1]])
        k = f32([1, 1], [2, -3], [0, 0])
        # Head 0: 3, -4, 0. Head 1: -1, 3, 0.
        relu = oracle.index_scores(q, k, activation="relu")
        np.testing.assert_array_equal(relu, [[3, 3, 0]])
        plain = oracle.index_scores(
            q,
            k,
            activation="none",
            weights=f32([10, -1]),
            q_scale=f32([1, 2]),
            k_scale=f32(1, -1, 5),
        )
        np.testing.assert_array_equal(plain, [[32, 46, 0]])

    def test_scalar_loops(self):
        rng = np.random.default_rng(0)
        T, H, D, N, B = 17, 3, 4, 9, 2
        q, k = data.normal(rng, (T, H, D)), data.normal(rng, (B, N, D))
        w, qs = data.normal(rng, (T, H)), data.normal(rng, (T, H))
        ks, seq = data.normal(rng, (B, N)), data.tricky_sequences(rng, T, B)
        lo, hi = data.tricky_bounds(N)
        expected = np.full((T, N), -INF)
        for t in range(T):
            for s in range(N):
                if not 0 <= seq[t] < B or not lo[t] <= s < hi[t]:
                    continue
                total = 0.0
                for j in range(H):
                    x = dot(q[t, j], k[seq[t], s])
                    total += float(w[t, j]) * float(qs[t, j]) * max(x, 0.0)
                expected[t, s] = float(ks[seq[t], s]) * total
        actual = oracle.index_scores(
            q,
            k,
            activation="relu",
            weights=w,
            q_scale=qs,
            k_scale=ks,
            bounds=(lo, hi),
            seq=seq,
        )
        np.testing.assert_allclose(actual, expected, rtol=1e-12, atol=1e-14)


class LinearPart(unittest.TestCase):
    def test_by_hand(self):
        q = np.array([[[1, 2, -1], [0, 1, 2]], np.zeros((2, 3))])
        weights = f32([896, -842], [5, 5])
        vector = oracle.linear_vector(q, weights=weights)
        np.testing.assert_array_equal(vector, [[448, 475, -1290], [0, 0, 0]])
        # 1290 / 4 is the first below 448.
        terms, scales = oracle.linear_part(
            q.astype(ELEMENTS["f8E4M3FN"]), 2, weights=weights
        )
        np.testing.assert_array_equal(
            terms.astype(float),
            [[[112, 120, -320], [0, -20, -40]], np.zeros((2, 3))],
        )
        np.testing.assert_array_equal(scales, [[4, 0.25], [1, 0.0625]])

    def test_first_scale(self):
        for element, limit in (("f32", 1), ("f16", 1), ("bf16", 1), ("f8E4M3FN", 448)):
            q = np.array([1, -1, 1, 0, 1, 1], ELEMENTS[element])[:, None, None]
            largest = np.array([limit, limit * (1 + 2**-20), limit / 3, 9, 1e-37, 1e38])
            w = (2 * largest).astype(np.float32)[:, None]
            _, scales = oracle.linear_part(q, 1, q_scale=w)
            expected = [1, 2, 0.5, 1, 2**-126, 2.0 ** (127 if limit == 1 else 118)]
            expected[-1] = min(expected[-1], 2.0**126)
            if limit == 1:
                expected[-2] = 2.0**-122
            self.assertEqual(scales[:, 0].tolist(), expected)

    def test_terms_add_up(self):
        rng = np.random.default_rng(0)
        for element in ("f32", "f16", "bf16", "f8E4M3FN"):
            q = data.normal(rng, (50, 3, 40), element)
            w = data.normal(rng, (50, 3)) * np.exp2(rng.integers(-9, 9, (50, 1)))
            vector = oracle.linear_vector(q, weights=w)
            size = np.abs(vector).max(axis=1, keepdims=True)
            for count in (1, 2, 4):
                terms, scales = oracle.linear_part(q, count, weights=w)
                total = np.einsum("ti,tid->td", scales.astype(float), terms.astype(float))
                error = (np.abs(total - vector) / size).max()
                self.assertLessEqual(error, oracle.linear_error(q.dtype, count))
                self.assertTrue((np.frexp(scales)[0] == 0.5).all())
        self.assertLess(oracle.linear_error(ELEMENTS["f8E4M3FN"], 4), 2**-15)

    def test_relu(self):
        rng = np.random.default_rng(0)
        q, k = data.normal(rng, (5, 3, 8)), data.normal(rng, (9, 8))
        w = data.normal(rng, (5, 3))
        vector = oracle.linear_vector(q, q_scale=w)
        np.testing.assert_allclose(
            oracle.index_scores(
                q,
                k,
                activation="half_abs",
                q_scale=w,
                linear=(vector[:, None], np.ones((5, 1))),
            ),
            oracle.index_scores(q, k, activation="relu", q_scale=w),
            rtol=1e-12,
            atol=1e-14,
        )

    def test_not_finite(self):
        q = np.ones((3, 2, 4), ELEMENTS["bf16"])
        q[0, 1, 2], q[1, 0, 0] = np.nan, -np.inf
        terms, scales = oracle.linear_part(q, 2)
        self.assertTrue(np.isnan(terms[:2].astype(float)).all())
        self.assertFalse(np.isnan(terms[2].astype(float)).any())
        np.testing.assert_array_equal(scales[:2], [[1, 2**-8]] * 2)


class Topk(unittest.TestCase):
    def select(self, scores, k, **clauses):
        """The indices of one row, and its values, without what follows them."""
        if "ids" in clauses:
            clauses["ids"] = data.i32([clauses["ids"]])
        if "bounds" in clauses:
            clauses["bounds"] = tuple(data.i32([b]) for b in clauses["bounds"])
        if "positions" in clauses:
            clauses["positions"] = data.i32([clauses["positions"]])
        indices, count, values = oracle.topk(f32(scores), k, **clauses)
        n = count[0, 0]
        self.assertTrue((indices[0, 0, n:] == -1).all())
        self.assertTrue((values[0, 0, n:] == -INF).all())
        return indices[0, 0, :n].tolist(), values[0, 0, :n].tolist()

    def test_by_hand(self):
        scores = [1, 5, NAN, 5, -INF, INF, -2, 0.0, -0.0]
        for k, expected in (
            (1, [5]),
            (2, [1, 5]),
            (3, [1, 3, 5]),
            (5, [0, 1, 3, 5, 7]),
            (6, [0, 1, 3, 5, 7, 8]),
            (9, [0, 1, 3, 5, 6, 7, 8]),
        ):
            self.assertEqual(self.select(scores, k)[0], expected)
        self.assertEqual(self.select([-0.0, 0.0, -0.0], 2)[0], [0, 1])
        self.assertEqual(self.select([3, 1, 2], 2), ([0, 2], [3, 2]))
        self.assertEqual(self.select(scores, 2, bounds=(6, 99))[0], [7, 8])
        self.assertEqual(self.select(scores, 2, bounds=(5, 5))[0], [])

    def test_kept_keys(self):
        scores = [9, 8, 0, NAN, -5, 7, 6, 5]
        window = {"window": (1, 1), "positions": 4}
        self.assertEqual(self.select(scores, 3, **window)[0], [0, 4, 5])
        self.assertEqual(self.select(scores, 3, bounds=(0, 4), **window)[0], [0, 1, 2])
        self.assertEqual(self.select(scores, 3, first=2, bounds=(4, 8))[0], [4, 5, 6])
        self.assertEqual(self.select(scores, 2, first=1, bounds=(-3, 5))[0], [0, 1])
        far = {"window": (1, 1), "positions": data.INT_MAX}
        self.assertEqual(self.select(scores, 1, **far)[0], [0])

    def test_blocks(self):
        scores = [1, 0, 7, -INF, 2, NAN, 3]
        self.assertEqual(self.select(scores, 2, block=2), ([1, 3], [7, 3]))
        self.assertEqual(self.select(scores, 4, block=2)[1], [1, 7, 2, 3])
        self.assertEqual(self.select(scores, 1, block=2, bounds=(3, 6)), ([2], [2]))
        kept = {"window": (1, 0), "positions": 5, "first": 1}
        self.assertEqual(self.select(scores, 2, block=2, **kept)[0], [0, 2])

    def test_ids(self):
        scores, ids = [4, 9, 6, 6, 5], [70, -1, 30, 20, data.INT_MAX]
        self.assertEqual(self.select(scores, 2, ids=ids), ([20, 30], [6, 6]))
        self.assertEqual(self.select(scores, 1, ids=ids)[0], [20])
        self.assertEqual(self.select(scores, 9, ids=ids)[0], [20, 30, 70, ids[4]])
        self.assertEqual(self.select(scores, 9, ids=ids, bounds=(21, 71))[0], [30, 70])
        kept = {"window": (0, 0), "positions": 70}
        self.assertEqual(self.select(scores, 2, ids=ids, **kept)[0], [20, 70])

    def test_counting_who_is_better(self):
        """A key is chosen if fewer than k others come before it."""
        rng = np.random.default_rng(1)
        N, K = 23, 9
        lo, hi = data.tricky_bounds(N)
        T = len(lo)
        positions = data.tricky_positions(T, N)
        scores = data.scores(rng, (T, N), "f16")
        indices, count, values = oracle.topk(
            scores, K, bounds=(lo, hi), positions=positions, window=(2, 1), first=3
        )
        for t in range(T):
            start = max(int(lo[t]), 0)
            rank = {}
            for s in range(N):
                x = float(scores[t, s])
                if lo[t] <= s < hi[t] and x > -INF:
                    near = int(positions[t]) - 2 <= s <= int(positions[t]) + 1
                    rank[s] = (near or s < start + 3, x)
            chosen = [
                s
                for s, mine in rank.items()
                if sum(r > mine or (r == mine and o < s) for o, r in rank.items()) < K
            ]
            self.assertEqual(count[t, 0], len(chosen))
            self.assertEqual(indices[t, 0].tolist(), chosen + [-1] * (K - len(chosen)))
            self.assertEqual(
                values[t, 0].tolist(),
                [scores[t, s] for s in chosen] + [-INF] * (K - len(chosen)),
            )


class Attention(unittest.TestCase):
    def test_by_hand(self):
        q = f32([[2, 0]])
        key = f32([1, 7], [1, -7], [NAN, NAN])
        value = f32([10, 0], [20, 4], [NAN, INF])
        lists = data.i32([[[0, 1, -1, 3, data.INT_MIN]]])
        out, lse, top = oracle.sparse_attention(q, key, value, lists, scale=0.5)
        np.testing.assert_allclose(out, [[[15, 2]]])
        np.testing.assert_allclose(lse, [[1 + math.log(2)]])
        np.testing.assert_allclose(top, [[1]])
        # A repeated index counts each time; the sink is one key more, of value 0.
        lists = data.i32([[[0, 1, 1]]])
        out, lse, _ = oracle.sparse_attention(
            q, key, value, lists, scale=0.5, sink=f32(1)
        )
        np.testing.assert_allclose(out, [[[50 / 4, 8 / 4]]])
        np.testing.assert_allclose(lse, [[1 + math.log(3)]])

        # Values that are the first columns of the keys, and a list of one entry.
        out, _, _ = oracle.sparse_attention(
            q, key, None, lists, scale=0.5, value_width=1, lengths=data.i32([[1]])
        )
        np.testing.assert_allclose(out, [[[1]]])

    def test_dead_rows(self):
        q, key = f32([[1]], [[1]]), f32([1], [2])
        for sink in (None, f32(0), f32(-INF), f32(INF)):
            lists = data.i32([[[-1, 2]], [[5, 9]]])
            results = oracle.sparse_attention(
                q, key, None, lists, scale=1, value_width=1, sink=sink
            )
            for result, expected in zip(results, (0, -INF, -INF)):
                self.assertTrue((result == expected).all())
        lists, none = data.i32([[[0, 1]], [[1, 0]]]), data.i32([[0], [-1]])
        _, lse, _ = oracle.sparse_attention(
            q, key, None, lists, scale=1, value_width=1, lengths=none
        )
        self.assertTrue((lse == -INF).all())
        out, lse, _ = oracle.attention(
            q, key, None, scale=1, value_width=1, sink=f32(INF)
        )
        self.assertTrue((out == 0).all() and np.isfinite(lse).all())

    def test_scalar_loops(self):
        rng = np.random.default_rng(2)
        T, Hq, Hkv, D, Dv, N, B, G, K, b = 9, 6, 3, 4, 3, 11, 2, 3, 5, 2
        q, key = data.normal(rng, (T, Hq, D)), data.normal(rng, (B, N, Hkv, D))
        value, sink = data.normal(rng, (B, N, Hkv, Dv)), data.normal(rng, (Hq,))
        lists = data.index_lists(rng, (T, G, K), -(-N // b))
        lengths = data.i32(rng.integers(-1, K + 2, (T, G)))
        seq = data.tricky_sequences(rng, T, B)
        expected = np.zeros((T, Hq, Dv)), np.full((T, Hq), -INF), np.full((T, Hq), -INF)
        for t, h in np.ndindex(T, Hq):
            g, j = h // 2, h // 2
            keys = []
            for entry in lists[t, g].tolist()[: max(lengths[t, g], 0)]:
                keys += [s for s in range(N) if s // b == entry]
            if not keys or not 0 <= seq[t] < B:
                continue
            x = [0.5 * dot(q[t, h], key[seq[t], s, j]) for s in keys]
            total = sum(math.exp(y) for y in x)
            expected[1][t, h], expected[2][t, h] = math.log(total), max(x)
            for d in range(Dv):
                sums = sum(
                    math.exp(y) * float(value[seq[t], s, j, d]) for y, s in zip(x, keys)
                )
                expected[0][t, h, d] = sums / (total + math.exp(float(sink[h])))
        actual = oracle.sparse_attention(
            q,
            key,
            value,
            lists,
            scale=0.5,
            lengths=lengths,
            seq=seq,
            sink=sink,
            block=b,
        )
        for a, e in zip(actual, expected):
            np.testing.assert_allclose(a, e, rtol=1e-12, atol=1e-14)

    def test_ranges_are_lists(self):
        """Attention over a range is attention over the list of its keys."""
        rng = np.random.default_rng(3)
        N = 12
        lo, hi = data.tricky_bounds(N)
        T = len(lo)
        positions = data.tricky_positions(T, N)
        q, key = data.normal(rng, (T, 4, 5)), data.normal(rng, (N, 2, 5))
        lists = np.full((T, 1, N), -1)
        for t in range(T):
            for s in range(N):
                near = int(positions[t]) - 4 <= s <= int(positions[t]) + 1
                if lo[t] <= s < hi[t] and near:
                    lists[t, 0, s] = s
        settings = {"scale": 0.4, "value_width": 3}
        ranged = oracle.attention(
            q,
            key,
            None,
            bounds=(lo, hi),
            positions=positions,
            window=(4, 1),
            **settings,
        )
        listed = oracle.sparse_attention(q, key, None, data.i32(lists), **settings)
        for a, b in zip(ranged, listed):
            np.testing.assert_allclose(a, b, rtol=1e-12)
        each = oracle.sparse_attention(
            q, key, None, data.i32(np.repeat(lists, 4, axis=1)), **settings
        )
        for a, b in zip(listed, each):
            np.testing.assert_allclose(a, b, rtol=1e-12)


class Merge(unittest.TestCase):
    def test_split_is_whole(self):
        rng = np.random.default_rng(4)
        T, N, P = 6, 20, 3
        q, key = data.normal(rng, (T, 4, 5)), data.normal(rng, (N, 5))
        sink = f32(0, 3, -INF, INF)
        cuts = np.sort(rng.integers(0, N + 1, (P + 1, T)), axis=0)
        cuts[:, 0] = 7
        settings = {"scale": 0.4, "value_width": 3}
        parts = [
            oracle.attention(q, key, None, bounds=limits, **settings)
            for limits in zip(cuts, cuts[1:])
        ]
        out, lse = (np.stack([part[i] for part in parts]) for i in range(2))
        out[lse == -INF] = NAN
        merged = oracle.merge(out, lse, sink=sink)
        limits = cuts[0], cuts[-1]
        whole = oracle.attention(q, key, None, bounds=limits, sink=sink, **settings)
        for a, b in zip(merged, whole):
            np.testing.assert_allclose(a, b, rtol=1e-12)

    def test_by_hand(self):
        out, lse = f32([[[2]]], [[[5]]]), f32([[0]], [[math.log(2)]])
        merged, total = oracle.merge(out, lse, sink=f32(math.log(3)))
        np.testing.assert_allclose(merged, [[[2]]], rtol=1e-6)
        np.testing.assert_allclose(total, [[math.log(3)]], rtol=1e-6)
        merged, total = oracle.merge(out * NAN, lse - INF, sink=f32(0))
        self.assertEqual((merged.item(), total.item()), (0, -INF))


if __name__ == "__main__":
    unittest.main()
