package blob_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"idflow/blob"
)

// key is a master key of one repeated byte, in base64.
func key(b byte) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, blob.KeySize))
}

func keyring(t testing.TB, text string) *blob.Keyring {
	t.Helper()
	k, err := blob.ParseKeyring(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// newSafe makes a vault and one safe in it.
func newSafe(t testing.TB, d *blob.Dir, k *blob.Keyring) (*blob.Vault, []byte, *blob.Safe) {
	t.Helper()
	v := blob.NewVault(d, k)
	wrapped, err := v.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	s, err := v.Open(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	return v, wrapped, s
}

func TestSealed(t *testing.T) {
	d := openDir(t, t.TempDir())
	v, wrapped, s := newSafe(t, d, keyring(t, key(1)))
	for _, plain := range [][]byte{nil, {0}, []byte("Мұхтар Әуезов"), bytes.Repeat([]byte("face"), 1<<18)} {
		sealed, err := s.Seal("fact/face.live", plain)
		if err != nil {
			t.Fatal(err)
		}
		if len(sealed) != len(plain)+29 {
			t.Errorf("%d bytes became %d", len(plain), len(sealed))
		}
		if len(plain) > 8 && bytes.Contains(sealed, plain[:8]) {
			t.Error("the plain bytes show")
		}
		again, err := s.Seal("fact/face.live", plain)
		if err != nil || bytes.Equal(again, sealed) {
			t.Errorf("sealed alike twice, %v", err)
		}
		reopened, err := v.Open(wrapped)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := reopened.Unseal("fact/face.live", sealed); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes come back as %d, %v", len(plain), len(got), err)
		}

		if err := s.Put(t.Context(), "e1", plain); err != nil {
			t.Fatal(err)
		}
		if got, err := reopened.Get(t.Context(), "e1"); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%d bytes of evidence come back as %d, %v", len(plain), len(got), err)
		}
	}
	if err := s.Delete(t.Context(), "e1"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "e1"); !errors.Is(err, blob.ErrNotExist) {
		t.Errorf("deleted evidence: %v, want ErrNotExist", err)
	}
}

// Whoever changes one bit of anything, cuts it off or adds to it, makes it unreadable.
func TestTampered(t *testing.T) {
	d := openDir(t, t.TempDir())
	v, wrapped, s := newSafe(t, d, keyring(t, key(1)))
	value, err := s.Seal("name", []byte("value"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := v.SealSecret("key/k", []byte("idf_live_secret"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Put(t.Context(), "e", []byte("evidence")); err != nil {
		t.Fatal(err)
	}
	evidence, err := d.Get(t.Context(), "e")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sealed []byte
		open   func([]byte) error
	}{
		"value":    {value, func(b []byte) error { _, err := s.Unseal("name", b); return err }},
		"secret":   {secret, func(b []byte) error { _, err := v.OpenSecret("key/k", b); return err }},
		"data key": {wrapped, func(b []byte) error { _, err := v.Open(b); return err }},
		"evidence": {evidence, func(b []byte) error {
			if err := d.Put(t.Context(), "e", b); err != nil {
				t.Fatal(err)
			}
			_, err := s.Get(t.Context(), "e")
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.open(c.sealed); err != nil {
				t.Fatalf("untouched: %v", err)
			}
			refused := func(what string, b []byte) {
				t.Helper()
				if err := c.open(b); !errors.Is(err, blob.ErrSealBroken) && !errors.Is(err, blob.ErrVersion) {
					t.Errorf("%s: %v, want a broken seal", what, err)
				}
			}
			for i := range c.sealed {
				for bit := range 8 {
					b := bytes.Clone(c.sealed)
					b[i] ^= 1 << bit
					refused(fmt.Sprintf("byte %d, bit %d", i, bit), b)
				}
				refused(fmt.Sprintf("the first %d bytes", i), c.sealed[:i])
			}
			refused("a byte more", append(bytes.Clone(c.sealed), 0))
			refused("a byte before", append([]byte{c.sealed[0]}, c.sealed...))
		})
	}
}

// What is sealed for one name, purpose, session or installation does not open for another.
func TestMistaken(t *testing.T) {
	d := openDir(t, t.TempDir())
	ring := keyring(t, key(1))
	v, wrapped, s := newSafe(t, d, ring)
	_, _, other := newSafe(t, d, ring)
	elsewhere := blob.NewVault(d, keyring(t, key(2)))

	value, _ := s.Seal("e", []byte("x"))
	secret, _ := v.SealSecret("e", []byte("x"))
	nameless, _ := v.SealSecret("", bytes.Repeat([]byte("k"), blob.KeySize))
	if err := s.Put(t.Context(), "e", []byte("x")); err != nil {
		t.Fatal(err)
	}
	evidence, err := d.Get(t.Context(), "e")
	if err != nil {
		t.Fatal(err)
	}
	for key, sealed := range map[string][]byte{"renamed": evidence, "a-value": value} {
		if err := d.Put(t.Context(), key, sealed); err != nil {
			t.Fatal(err)
		}
	}
	for name, open := range map[string]func() error{
		"another name":                    func() error { _, err := s.Unseal("f", value); return err },
		"a longer name":                   func() error { _, err := s.Unseal("e\x00", value); return err },
		"no name":                         func() error { _, err := s.Unseal("", value); return err },
		"another session's value":         func() error { _, err := other.Unseal("e", value); return err },
		"another session's evidence":      func() error { _, err := other.Get(t.Context(), "e"); return err },
		"evidence under another id":       func() error { _, err := s.Get(t.Context(), "renamed"); return err },
		"evidence as a value":             func() error { _, err := s.Unseal("e", evidence); return err },
		"a value as evidence":             func() error { _, err := s.Get(t.Context(), "a-value"); return err },
		"a secret under another name":     func() error { _, err := v.OpenSecret("f", secret); return err },
		"a secret as a data key":          func() error { _, err := v.Open(nameless); return err },
		"a data key as a secret":          func() error { _, err := v.OpenSecret("", wrapped); return err },
		"another installation's data key": func() error { _, err := elsewhere.Open(wrapped); return err },
		"another installation's secret":   func() error { _, err := elsewhere.OpenSecret("e", secret); return err },
		"a destroyed data key":            func() error { _, err := v.Open(nil); return err },
	} {
		if err := open(); !errors.Is(err, blob.ErrSealBroken) {
			t.Errorf("%s: %v, want ErrSealBroken", name, err)
		}
	}
	sealedForE, _ := s.Seal("e", []byte("x"))
	if err := d.Put(t.Context(), "e", sealedForE); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Get(t.Context(), "e"); !errors.Is(err, blob.ErrSealBroken) {
		t.Errorf("a value of the same name as evidence: %v, want ErrSealBroken", err)
	}
}

// A new master key seals from now on; what the old one sealed opens as long as it stays in the set.
func TestRotation(t *testing.T) {
	d := openDir(t, t.TempDir())
	old := blob.NewVault(d, keyring(t, "1:"+key(1)))
	both := blob.NewVault(d, keyring(t, "2:"+key(2)+"\n1:"+key(1)+"\n"))
	only := blob.NewVault(d, keyring(t, "2:"+key(2)))
	sealed := func(v *blob.Vault) []byte {
		t.Helper()
		b, err := v.SealSecret("s", []byte("secret"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	before, after := sealed(old), sealed(both)
	for _, c := range []struct {
		name  string
		vault *blob.Vault
		b     []byte
		opens bool
	}{
		{"old with both", both, before, true},
		{"new with both", both, after, true},
		{"new with the new", only, after, true},
		{"old with the new", only, before, false},
		{"new with the old", old, after, false},
	} {
		if _, err := c.vault.OpenSecret("s", c.b); (err == nil) != c.opens {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := only.OpenSecret("s", before); err == nil || !strings.Contains(err.Error(), "master key 1, which is not in the set") {
		t.Errorf("%v, want the number of the missing key", err)
	}
}

func FuzzUnseal(f *testing.F) {
	var random [blob.KeySize]byte // in each of the fuzzer's processes another: only what this one sealed may open
	rand.Read(random[:])
	v, wrapped, s := newSafe(f, nil, keyring(f, base64.StdEncoding.EncodeToString(random[:])))
	value, _ := s.Seal("name", []byte("value"))
	secret, _ := v.SealSecret("name", []byte("secret"))
	for _, seed := range [][]byte{nil, {1}, {2}, value, secret, wrapped, wrapped[:5], bytes.Repeat([]byte{1}, 33)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if got, err := s.Unseal("name", sealed); err == nil && !bytes.Equal(sealed, value) {
			t.Errorf("forged value %q", got)
		}
		if got, err := v.OpenSecret("name", sealed); err == nil && !bytes.Equal(sealed, secret) {
			t.Errorf("forged secret %q", got)
		}
		if _, err := v.Open(sealed); err == nil && !bytes.Equal(sealed, wrapped) {
			t.Error("forged data key")
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	_, _, s := newSafe(b, nil, keyring(b, key(1)))
	plain := make([]byte, 1<<20)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		if _, err := s.Seal("name", plain); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPut(b *testing.B) {
	_, _, s := newSafe(b, openDir(b, b.TempDir()), keyring(b, key(1)))
	plain := make([]byte, 300<<10)
	b.SetBytes(int64(len(plain)))
	for i := 0; b.Loop(); i++ {
		if err := s.Put(b.Context(), fmt.Sprint(i), plain); err != nil {
			b.Fatal(err)
		}
	}
}
