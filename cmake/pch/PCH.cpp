// The object that owns the precompiled header; see PCH.h.
