package blob

import (
	"context"
	"crypto/cipher"
	"fmt"
)

// Vault makes and opens safes: one for each session, all in one Store.
type Vault struct {
	store Store
	keys  *Keyring
}

// NewVault makes a Vault.
func NewVault(s Store, k *Keyring) *Vault { return &Vault{s, k} }

// NewKey makes a data key and returns it wrapped by the master key.
func (v *Vault) NewKey() (wrapped []byte, err error) {
	return v.keys.seal(forDataKey, "", newKey()), nil
}

// Open unwraps a data key.
func (v *Vault) Open(wrapped []byte) (*Safe, error) {
	key, err := v.keys.unseal(forDataKey, "", wrapped)
	if err != nil {
		return nil, fmt.Errorf("unwrap a data key: %w", err)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, fmt.Errorf("unwrap a data key: %w", err)
	}
	return &Safe{v.store, aead}, nil
}

// SealSecret keeps a small secret under the master key itself.
func (v *Vault) SealSecret(name string, plain []byte) ([]byte, error) {
	return v.keys.seal(forSecret, name, plain), nil
}

// OpenSecret opens what SealSecret sealed under the same name.
func (v *Vault) OpenSecret(name string, sealed []byte) ([]byte, error) {
	plain, err := v.keys.unseal(forSecret, name, sealed)
	if err != nil {
		return nil, fmt.Errorf("open secret %s: %w", name, err)
	}
	return plain, nil
}

// Safe seals under one session's data key. The name is bound to the bytes: what
// was sealed under one name does not open under another.
type Safe struct {
	store Store
	aead  cipher.AEAD
}

// Seal returns the bytes sealed, 29 longer than they were.
func (s *Safe) Seal(name string, plain []byte) ([]byte, error) {
	return seal(s.aead, []byte{version}, forValue, name, plain), nil
}

// Unseal opens what Seal sealed under the same name.
func (s *Safe) Unseal(name string, sealed []byte) ([]byte, error) {
	return s.unseal(forValue, name, sealed)
}

func (s *Safe) unseal(p purpose, name string, sealed []byte) ([]byte, error) {
	switch {
	case len(sealed) == 0:
		return nil, ErrSealBroken
	case sealed[0] != version:
		return nil, ErrVersion
	}
	return unseal(s.aead, 1, p, name, sealed)
}

// Put keeps evidence, sealed, in the Store under its id.
func (s *Safe) Put(ctx context.Context, id string, plain []byte) error {
	return s.store.Put(ctx, id, seal(s.aead, []byte{version}, forEvidence, id, plain))
}

// Get reads evidence.
func (s *Safe) Get(ctx context.Context, id string) ([]byte, error) {
	sealed, err := s.store.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	plain, err := s.unseal(forEvidence, id, sealed)
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", id, err)
	}
	return plain, nil
}

// Delete destroys evidence.
func (s *Safe) Delete(ctx context.Context, id string) error { return s.store.Delete(ctx, id) }
