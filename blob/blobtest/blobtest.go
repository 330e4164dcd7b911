// Package blobtest is the conformance suite of blob.Store: what holds of one
// kind of store holds of the other.
package blobtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"idflow/blob"
)

// Run runs the suite. open gives each test an empty store.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, blob.Store)
	}{
		{"put and get", putAndGet},
		{"put again", putAgain},
		{"nothing there", nothingThere},
		{"delete", remove},
		{"list", list},
		{"list ended early", listEndedEarly},
		{"keys", keys},
		{"together", together},
		{"ended context", endedContext},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.test(t, open(t))
		})
	}
}

// put keeps data, which must work.
func put(t *testing.T, s blob.Store, key string, data []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, data); err != nil {
		t.Fatal(err)
	}
}

// holds fails unless the key has the data.
func holds(t *testing.T, s blob.Store, key string, data []byte) {
	t.Helper()
	got, err := s.Get(t.Context(), key)
	if err != nil {
		t.Error(err)
	} else if !bytes.Equal(got, data) {
		t.Errorf("%s has %d bytes %.20q, want %d bytes %.20q", key, len(got), got, len(data), data)
	}
}

// all lists the keys in order.
func all(t *testing.T, s blob.Store) (keys []string) {
	t.Helper()
	for key, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func putAndGet(t *testing.T, s blob.Store) {
	for name, data := range map[string][]byte{
		"empty": {}, "small": []byte("x"), "binary": {0, 0xff, '\r', '\n', 0}, "large": bytes.Repeat([]byte("0123456789abcdef"), 1<<18),
	} {
		put(t, s, name, data)
		holds(t, s, name, data)
	}
	data := []byte("before")
	put(t, s, "kept", data)
	copy(data, "after!") // the caller's bytes are the caller's again
	holds(t, s, "kept", []byte("before"))
}

func putAgain(t *testing.T, s blob.Store) {
	put(t, s, "key", []byte("first, and longer"))
	put(t, s, "key", []byte("second"))
	holds(t, s, "key", []byte("second"))
	if keys := all(t, s); !slices.Equal(keys, []string{"key"}) {
		t.Errorf("keys %q, want one", keys)
	}
}

func nothingThere(t *testing.T, s blob.Store) {
	put(t, s, "key", []byte("x"))
	for _, key := range []string{"kex", "ke", "key2"} {
		if _, err := s.Get(t.Context(), key); !errors.Is(err, blob.ErrNotExist) {
			t.Errorf("get %s: %v, want ErrNotExist", key, err)
		}
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
	}
	holds(t, s, "key", []byte("x"))
}

func remove(t *testing.T, s blob.Store) {
	put(t, s, "a", []byte("a"))
	put(t, s, "b", []byte("b"))
	for range 2 {
		if err := s.Delete(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Get(t.Context(), "a"); !errors.Is(err, blob.ErrNotExist) {
		t.Errorf("get what was deleted: %v, want ErrNotExist", err)
	}
	holds(t, s, "b", []byte("b"))
	put(t, s, "a", []byte("again"))
	holds(t, s, "a", []byte("again"))
}

func list(t *testing.T, s blob.Store) {
	if keys := all(t, s); keys != nil {
		t.Errorf("an empty store lists %q", keys)
	}
	var want []string
	for i := range 300 {
		want = append(want, fmt.Sprintf("0199-%03d", i))
		put(t, s, want[i], nil)
	}
	if got := all(t, s); !slices.Equal(got, want) {
		t.Errorf("listed %d keys %q, want %d", len(got), got, len(want))
	}
}

func listEndedEarly(t *testing.T, s blob.Store) {
	for i := range 5 {
		put(t, s, fmt.Sprint(i), nil)
	}
	n := 0
	for _, err := range s.List(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 2 {
			break
		}
	}
}

func keys(t *testing.T, s blob.Store) {
	put(t, s, "witness", []byte("x"))
	for _, key := range []string{
		"", ".", "..", "../witness", "a/../witness", "/etc/passwd", "a/b", `a\b`, "-rf", ".hidden", "_a", "A", "é", "a b", "a\x00", "a\n", "a:b", "con*",
		"\xff", strings.Repeat("a", blob.MaxKey+1),
	} {
		if err := s.Put(t.Context(), key, []byte("trick")); err == nil {
			t.Errorf("put %q works", key)
		}
		if _, err := s.Get(t.Context(), key); err == nil || errors.Is(err, blob.ErrNotExist) {
			t.Errorf("get %q: %v, want another error than ErrNotExist", key, err)
		}
		if err := s.Delete(t.Context(), key); err == nil {
			t.Errorf("delete %q works", key)
		}
	}
	if got := all(t, s); !slices.Equal(got, []string{"witness"}) {
		t.Errorf("keys %q, want the witness only", got)
	}
	for _, key := range []string{"0", "z", "a.b_c-d", "a..", "019a4b5c-0000-7000-8000-000000000000", strings.Repeat("a", blob.MaxKey)} {
		put(t, s, key, []byte(key))
		holds(t, s, key, []byte(key))
	}
}

// together: what is read while it is replaced is one or the other, whole.
func together(t *testing.T, s blob.Store) {
	versions := make([][]byte, 4)
	for i := range versions {
		versions[i] = bytes.Repeat([]byte{byte('a' + i)}, 100_000+i)
	}
	put(t, s, "key", versions[0])
	var group sync.WaitGroup
	for _, v := range versions {
		group.Go(func() {
			for range 5 {
				if err := s.Put(t.Context(), "key", v); err != nil {
					t.Error(err)
				}
			}
		})
		group.Go(func() {
			for range 20 {
				got, err := s.Get(t.Context(), "key")
				if err != nil {
					t.Error(err)
				} else if !slices.ContainsFunc(versions, func(v []byte) bool { return bytes.Equal(v, got) }) {
					t.Errorf("read a mixture of %d bytes", len(got))
				}
			}
		})
	}
	group.Wait()
	if got := all(t, s); !slices.Equal(got, []string{"key"}) {
		t.Errorf("keys %q, want one", got)
	}
}

func endedContext(t *testing.T, s blob.Store) {
	put(t, s, "key", []byte("x"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Put(ctx, "key", []byte("y")); !errors.Is(err, context.Canceled) {
		t.Errorf("put: %v", err)
	}
	if _, err := s.Get(ctx, "key"); !errors.Is(err, context.Canceled) {
		t.Errorf("get: %v", err)
	}
	if err := s.Delete(ctx, "key"); !errors.Is(err, context.Canceled) {
		t.Errorf("delete: %v", err)
	}
	var last error
	for _, last = range s.List(ctx) {
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("list: %v", last)
	}
	holds(t, s, "key", []byte("x"))
}
