package blob

import (
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Keyring is a numbered set of master keys. The one with the highest number
// seals, all of them open: adding a key rotates, and nothing has to be sealed
// anew at once.
type Keyring struct {
	keys    map[uint32]cipher.AEAD
	current uint32
}

// ParseKeyring reads a set of keys: entries "NUMBER:KEY" separated by white
// space or commas, the number from 1, the key KeySize bytes in base64. A lone
// key may go without its number and has 1.
func ParseKeyring(text string) (*Keyring, error) {
	r := &Keyring{keys: map[uint32]cipher.AEAD{}}
	for entry := range strings.FieldsFuncSeq(text, func(c rune) bool { return strings.ContainsRune(", \t\r\n", c) }) {
		number, key, err := parseEntry(entry)
		if err != nil {
			return nil, err // never with the key's text in it
		}
		if r.keys[number] != nil {
			return nil, fmt.Errorf("there are two master keys with the number %d", number)
		}
		if r.keys[number], err = newAEAD(key); err != nil {
			return nil, err
		}
		r.current = max(r.current, number)
	}
	if len(r.keys) == 0 {
		return nil, errors.New("there is no master key")
	}
	return r, nil
}

func parseEntry(entry string) (number uint32, key []byte, err error) {
	before, text, numbered := strings.Cut(entry, ":")
	n := uint64(1)
	if !numbered {
		text = entry
	} else if n, err = strconv.ParseUint(before, 10, 32); err != nil || n == 0 {
		return 0, nil, errors.New("a master key must be written NUMBER:BASE64, the number from 1")
	}
	if key, err = base64.StdEncoding.DecodeString(text); err != nil || len(key) != KeySize {
		return 0, nil, fmt.Errorf("master key %d must be %d bytes in base64, as `openssl rand -base64 %d` writes them", n, KeySize, KeySize)
	}
	return uint32(n), key, nil
}

// ReadKeyring reads the set of keys in a file that only its owner may read.
// The error of a file that is not there is ErrNotExist.
func ReadKeyring(name string) (*Keyring, error) {
	const maxSize = 64 << 10
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the master key: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, fmt.Errorf("the master key %s may be read by others than its owner; run `chmod 600 %s`", name, name)
	case info.Size() > maxSize:
		return nil, fmt.Errorf("the master key %s is no set of keys: it is larger than %d bytes", name, maxSize)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	r, err := ParseKeyring(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// CreateKeyring writes a file with one new master key. When there is a file
// already, it is left as it is, and the error is fs.ErrExist.
func CreateKeyring(name string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("create the master key: %w", err)
		}
	}()
	folder := filepath.Dir(name)
	f, err := os.CreateTemp(folder, ".master-key-") // for its owner alone
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.WriteString("1:" + base64.StdEncoding.EncodeToString(newKey()) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); err != nil { // unlike a rename, it replaces nothing
		return err
	}
	return syncFolder(folder)
}

func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// headerSize of what is sealed under a master key.
const masterHeaderSize = 1 + 4

func (r *Keyring) seal(p purpose, name string, plain []byte) []byte {
	header := binary.BigEndian.AppendUint32([]byte{version}, r.current)
	return seal(r.keys[r.current], header, p, name, plain)
}

func (r *Keyring) unseal(p purpose, name string, sealed []byte) ([]byte, error) {
	switch {
	case len(sealed) < masterHeaderSize:
		return nil, ErrSealBroken
	case sealed[0] != version:
		return nil, ErrVersion
	}
	number := binary.BigEndian.Uint32(sealed[1:masterHeaderSize])
	aead := r.keys[number]
	if aead == nil {
		return nil, fmt.Errorf("%w: it needs master key %d, which is not in the set", ErrSealBroken, number)
	}
	return unseal(aead, masterHeaderSize, p, name, sealed)
}
