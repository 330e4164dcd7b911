package cabinet

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"idflow"
)

// Argon2id as OWASP's Password Storage Cheat Sheet sets it for small machines.
const (
	argonTime    = 2
	argonMemory  = 19 << 10 // KiB
	argonThreads = 1
	argonSalt    = 16
	argonKey     = 32
)

// Bounds of a password (NIST SP 800-63B: length counts, composition does not).
const (
	MinPassword = 12  // characters
	MaxPassword = 200 // bytes: hashing costs more the longer it is
)

// ErrPasswordTooShort refuses a new password.
var ErrPasswordTooShort = idflow.Invalid("password_too_short", "new", "A password needs %d characters at least.", MinPassword)

// HashPassword makes the PHC string that is kept of a password.
func HashPassword(password string) string {
	salt := make([]byte, argonSalt)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

// hashing bounds the memory that many logins at once can take.
var hashing = make(chan struct{}, runtime.NumCPU())

// checkPassword compares a password with what HashPassword made, in a time that
// does not depend on where they differ.
func checkPassword(phc, password string) (bool, error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("the stored password is not an argon2id PHC string")
	}
	var version, memory, time, threads int
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &threads); err != nil || version != argon2.Version {
		return false, errors.New("the stored password has unknown parameters")
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) == 0 {
		return false, errors.New("the stored password is damaged")
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	got := argon2.IDKey([]byte(password), salt, uint32(time), uint32(memory), uint8(threads), uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}

// decoy is a hash that is checked where there is no user, so that the answer
// takes as long as for a wrong password.
var decoy = sync.OnceValue(func() string { return HashPassword(OneTimePassword()) })

// OneTimePassword makes a password that a person can type: 20 letters and
// digits without look-alikes, 98 bits.
func OneTimePassword() string {
	const alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
	var b strings.Builder
	for i := range 20 {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			panic(err) // crypto/rand does not fail
		}
		b.WriteByte(alphabet[n.Int64()])
	}
	return b.String()
}

func cleanPassword(p string) error {
	if utf8.RuneCountInString(p) < MinPassword {
		return ErrPasswordTooShort
	}
	if len(p) > MaxPassword {
		return idflow.Invalid("password_too_long", "new", "A password may have %d bytes at most.", MaxPassword)
	}
	return nil
}
