// Package blob keeps the bytes of evidence, sealed so that nobody reads them
// without the data key of their session.
//
// A Store keeps bytes under keys and knows nothing of what they are. A Vault
// seals: every session has a data key of its own, kept by the caller wrapped
// under the installation's master key. Destroying the wrapped key makes all
// evidence of the session unreadable for ever, in every backup too.
package blob

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
)

// Store keeps bytes under keys. It may be used by any number of goroutines.
type Store interface {
	// Put keeps data, durably when it returns, in place of what the key had before.
	Put(ctx context.Context, key string, data []byte) error
	// Get returns what was put; an error that is ErrNotExist if nothing was.
	Get(ctx context.Context, key string) ([]byte, error)
	// Delete destroys what was put; nothing there is no error.
	Delete(ctx context.Context, key string) error
	// List goes through all keys in no particular order. After an error it ends.
	List(ctx context.Context) iter.Seq2[string, error]
}

// ErrNotExist is the error of a key that has nothing.
var ErrNotExist = fs.ErrNotExist

// MaxKey is the length of a key in bytes.
const MaxKey = 100

// checkKey refuses what is not a key: 1 to MaxKey of a-z, 0-9, '-', '_' and
// '.', beginning with a letter or digit. A key is one name on every file system
// and in every bucket, never a path.
func checkKey(key string) error {
	if len(key) == 0 || len(key) > MaxKey {
		return fmt.Errorf("a blob's key has 1 to %d bytes, not %d", MaxKey, len(key))
	}
	for i := range len(key) {
		c := key[i]
		letter := 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
		if !letter && (i == 0 || c != '-' && c != '_' && c != '.') {
			return fmt.Errorf("%q is not a blob's key", key)
		}
	}
	return nil
}
