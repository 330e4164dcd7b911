// Package cabinet knows who the humans are: it logs them in and out, tells the
// API who asks, and serves the cabinet's pages. What the pages do, they do
// through the public API.
package cabinet

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"idflow"
	"idflow/problem"
)

// Store is what the cabinet needs of a database.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	View(ctx context.Context, fn func(Tx) error) error // read only
}

// Tx is one transaction. Lookups answer idflow.ErrNotFound.
type Tx interface {
	UserByEmail(ctx context.Context, email string) (idflow.User, error) // without regard to case
	UserByLogin(ctx context.Context, tokenHash []byte, now time.Time) (idflow.User, error)
	Organization(ctx context.Context, id string) (idflow.Organization, error)
	InsertLogin(ctx context.Context, l idflow.Login) error
	DeleteLogin(ctx context.Context, tokenHash []byte) error
	// SetPassword replaces the password, and ends every login of the user but
	// the one to keep.
	SetPassword(ctx context.Context, userID, hash string, keep []byte) error
}

// Config of the cabinet.
type Config struct {
	Store  Store
	Page   http.Handler // the single page behind every address of the cabinet
	Now    func() time.Time
	Log    *slog.Logger
	Secure bool // the public address is https: cookies travel over it only
}

// Cabinet is the humans' side of the server.
type Cabinet struct {
	Config
	guard *guard
}

const (
	cookieName    = "idflow_login"
	loginLifetime = 12 * time.Hour
)

// Errors of logging in.
var (
	ErrLogin           = &idflow.Error{Kind: idflow.KindUnauthorized, Code: "login_failed", Message: "The e-mail address or the password is wrong."}
	ErrPasswordWrong   = idflow.Invalid("password_wrong", "current", "This is not your current password.")
	ErrPasswordExpired = &idflow.Error{Kind: idflow.KindForbidden, Code: "password_expired", Message: "Choose a password of your own first."}
)

// New makes the cabinet.
func New(c Config) *Cabinet {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Cabinet{Config: c, guard: newGuard(c.Now)}
}

// Register adds the cabinet's routes. The page answers every address that
// nothing else does.
func (c *Cabinet) Register(mux *http.ServeMux) {
	mux.HandleFunc("POST /cabinet/login", c.login)
	mux.HandleFunc("POST /cabinet/logout", c.logout)
	mux.HandleFunc("GET /cabinet/me", c.me)
	mux.HandleFunc("POST /cabinet/password", c.password)
	mux.Handle("GET /", c.Page)
}

// Actor of the login that a request carries.
func (c *Cabinet) Actor(r *http.Request) (idflow.Actor, error) {
	u, err := c.user(r)
	if err != nil {
		return idflow.Actor{}, err
	}
	if u.PasswordExpired {
		return idflow.Actor{}, ErrPasswordExpired
	}
	return idflow.Actor{OrganizationID: u.OrganizationID, UserID: u.ID, Role: u.Role}, nil
}

func (c *Cabinet) user(r *http.Request) (idflow.User, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return idflow.User{}, idflow.ErrUnauthorized
	}
	var u idflow.User
	err = c.Store.View(r.Context(), func(tx Tx) (err error) {
		u, err = tx.UserByLogin(r.Context(), hash(cookie.Value), c.Now())
		return err
	})
	if errors.Is(err, idflow.ErrNotFound) {
		return u, idflow.ErrUnauthorized
	}
	return u, err
}

type userBody struct {
	ID              string              `json:"id"`
	Email           string              `json:"email"`
	Name            string              `json:"name"`
	Role            idflow.Role         `json:"role"`
	Organization    organizationBody    `json:"organization"`
	PasswordExpired bool                `json:"password_expired"`
	Permissions     []idflow.Permission `json:"permissions"`
}

type organizationBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (c *Cabinet) login(w http.ResponseWriter, r *http.Request) {
	var in struct{ Email, Password string }
	if !c.read(w, r, &in) {
		return
	}
	email := strings.ToLower(strings.TrimSpace(in.Email))
	u, err := c.identify(r.Context(), email, in.Password)
	if err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	token, now := newToken(), c.Now()
	l := idflow.Login{TokenHash: hash(token), UserID: u.ID, UserAgent: firstBytes(r.UserAgent(), 300), CreatedAt: now, ExpiresAt: now.Add(loginLifetime)}
	if err := c.Store.InTx(r.Context(), func(tx Tx) error { return tx.InsertLogin(r.Context(), l) }); err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	http.SetCookie(w, c.cookie(token, loginLifetime))
	c.answer(w, r, u)
}

// identify checks an e-mail address and a password, and locks the address after
// too many wrong ones. It takes as long for an unknown address as for a wrong
// password.
func (c *Cabinet) identify(ctx context.Context, email, password string) (idflow.User, error) {
	if wait := c.guard.locked(email); wait > 0 {
		return idflow.User{}, &idflow.Error{Kind: idflow.KindTooMany, Code: "login_locked", Message: "Too many wrong passwords. Try again later.", RetryAfter: wait}
	}
	u, err := c.checkLogin(ctx, email, password)
	if errors.Is(err, ErrLogin) {
		c.guard.failed(email)
	} else if err == nil {
		c.guard.succeeded(email)
	}
	return u, err
}

func (c *Cabinet) checkLogin(ctx context.Context, email, password string) (idflow.User, error) {
	if len(password) > MaxPassword {
		return idflow.User{}, ErrLogin
	}
	var u idflow.User
	err := c.Store.View(ctx, func(tx Tx) (err error) {
		u, err = tx.UserByEmail(ctx, email)
		return err
	})
	if errors.Is(err, idflow.ErrNotFound) {
		checkPassword(decoy(), password)
		return u, ErrLogin
	}
	if err != nil {
		return u, err
	}
	ok, err := checkPassword(u.PasswordHash, password)
	if err == nil && !ok {
		err = ErrLogin
	}
	return u, err
}

func (c *Cabinet) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		err := c.Store.InTx(r.Context(), func(tx Tx) error { return tx.DeleteLogin(r.Context(), hash(cookie.Value)) })
		if err != nil {
			problem.Write(w, r, c.Log, err)
			return
		}
	}
	http.SetCookie(w, c.cookie("", -time.Second))
	w.WriteHeader(http.StatusNoContent)
}

func (c *Cabinet) me(w http.ResponseWriter, r *http.Request) {
	u, err := c.user(r)
	if err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	c.answer(w, r, u)
}

func (c *Cabinet) password(w http.ResponseWriter, r *http.Request) {
	u, err := c.user(r)
	if err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	var in struct{ Current, New string }
	if !c.read(w, r, &in) {
		return
	}
	if _, err := c.identify(r.Context(), u.Email, in.Current); errors.Is(err, ErrLogin) {
		problem.Write(w, r, c.Log, ErrPasswordWrong)
		return
	} else if err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	if err := cleanPassword(in.New); err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	cookie, _ := r.Cookie(cookieName) // user has read it
	password := HashPassword(in.New)
	if err := c.Store.InTx(r.Context(), func(tx Tx) error { return tx.SetPassword(r.Context(), u.ID, password, hash(cookie.Value)) }); err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	u.PasswordExpired = false
	c.answer(w, r, u)
}

// answer tells who is logged in.
func (c *Cabinet) answer(w http.ResponseWriter, r *http.Request, u idflow.User) {
	var o idflow.Organization
	err := c.Store.View(r.Context(), func(tx Tx) (err error) {
		o, err = tx.Organization(r.Context(), u.OrganizationID)
		return err
	})
	if err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	body, err := json.Marshal(userBody{u.ID, u.Email, u.Name, u.Role, organizationBody{o.ID, o.Name}, u.PasswordExpired, u.Role.Permissions()})
	if err != nil {
		problem.Write(w, r, c.Log, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body)
}

// read decodes a small JSON body, or answers and returns false.
func (c *Cabinet) read(w http.ResponseWriter, r *http.Request, in any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 4<<10)).Decode(in)
	if err != nil {
		problem.Write(w, r, c.Log, idflow.Invalid("request_malformed", "", "Send a JSON object of up to 4 KiB."))
	}
	return err == nil
}

func (c *Cabinet) cookie(value string, lifetime time.Duration) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: int(lifetime.Seconds()), HttpOnly: true, Secure: c.Secure, SameSite: http.SameSiteLaxMode}
}

func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func hash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

func firstBytes(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }
