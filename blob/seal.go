package blob

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// What is sealed is AES-256-GCM with a random nonce (NIST SP 800-38D, 8.2.2):
//
//	version (1 byte) | nonce (12) | ciphertext | tag (16)
//
// and what is sealed under a master key says under which one:
//
//	version (1 byte) | number of the master key (4, big-endian) | nonce (12) | ciphertext | tag (16)
//
// The additional data binds everything before the nonce, the purpose and the
// name, so that nothing opens as something else.
const version = 1

// KeySize is the length of master and data keys in bytes.
const KeySize = 32

// Errors of what does not open. Neither says why: bytes were changed, the name
// or the key is another.
var (
	ErrSealBroken = errors.New("the sealed bytes were changed, or belong to another key or name")
	ErrVersion    = errors.New("the sealed bytes are of a version that this idflow does not know")
)

// purpose keeps apart what is sealed for different ends under one key.
type purpose string

const (
	forEvidence purpose = "evidence"
	forValue    purpose = "value"
	forDataKey  purpose = "data key"
	forSecret   purpose = "secret"
)

// newAEAD makes a cipher of a key of KeySize bytes.
func newAEAD(key []byte) (cipher.AEAD, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("a key has %d bytes, not %d", KeySize, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal appends sealed bytes to their header.
func seal(aead cipher.AEAD, header []byte, p purpose, name string, plain []byte) []byte {
	out := make([]byte, len(header), len(header)+len(plain)+aead.Overhead())
	copy(out, header)
	return aead.Seal(out, nil, plain, additional(header, p, name))
}

// unseal opens what seal made, header and all.
func unseal(aead cipher.AEAD, headerSize int, p purpose, name string, sealed []byte) ([]byte, error) {
	if len(sealed) < headerSize+aead.Overhead() {
		return nil, ErrSealBroken
	}
	plain, err := aead.Open(nil, nil, sealed[headerSize:], additional(sealed[:headerSize], p, name))
	if err != nil {
		return nil, ErrSealBroken
	}
	return plain, nil
}

// additional is unambiguous: the header's size follows from its version, and no purpose has a NUL.
func additional(header []byte, p purpose, name string) []byte {
	a := make([]byte, 0, len(header)+len(p)+1+len(name))
	a = append(a, header...)
	a = append(a, p...)
	a = append(a, 0)
	return append(a, name...)
}

// newKey makes a random key.
func newKey() []byte {
	key := make([]byte, KeySize)
	rand.Read(key)
	return key
}
