package storetest

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"idflow"
	"idflow/store"
)

func organizations(t *testing.T, db *store.DB) {
	a := idflow.Organization{ID: "a", Name: "Банк \"Заря\" 🏦", CreatedAt: noon.Add(time.Second)}
	b := idflow.Organization{ID: "b", Name: "b", CreatedAt: noon}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertOrganization(ctx, a), tx.InsertOrganization(ctx, b))
	})
	got := read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.Organization, error) { return tx.Organization(ctx, "a") })
	equal(t, "organization", got, a)
	all := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Organization, error) { return tx.Organizations(ctx) })
	equal(t, "organizations, oldest first", all, []idflow.Organization{b, a})
	_, err := try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.Organization, error) { return tx.Organization(ctx, "c") })
	missing(t, "an unknown organization", err)
}

func users(t *testing.T, db *store.DB) {
	makeWorld(t, db, "a")
	makeWorld(t, db, "b")
	u := idflow.User{ID: "u", OrganizationID: "a", Email: "Aigerim@Example.KZ ", Name: "Айгерім", Role: idflow.Owner, PasswordHash: "$argon2id$1", PasswordExpired: true, CreatedAt: noon}
	v := idflow.User{ID: "v", OrganizationID: "a", Email: "a@example.kz", Role: idflow.Viewer, CreatedAt: noon}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertUser(ctx, u), tx.InsertUser(ctx, v))
	})
	u.Email = "aigerim@example.kz"
	for _, email := range []string{"aigerim@example.kz", "AIGERIM@EXAMPLE.KZ", "  Aigerim@example.kz\n"} {
		got := read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.User, error) { return tx.UserByEmail(ctx, email) })
		equal(t, "user by "+email, got, u)
	}
	got := read(t, db, func(ctx context.Context, tx *store.Tx) (idflow.User, error) { return tx.User(ctx, "a", "u") })
	equal(t, "user", got, u)
	all := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.User, error) { return tx.Users(ctx, "a") })
	equal(t, "users by address", all, []idflow.User{v, u})

	_, err := try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.User, error) { return tx.User(ctx, "b", "u") })
	missing(t, "another organization's user", err)
	_, err = try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.User, error) {
		return tx.UserByEmail(ctx, "nobody@example.kz")
	})
	missing(t, "an unknown address", err)

	err = db.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.InsertUser(t.Context(), idflow.User{ID: "w", OrganizationID: "b", Email: "AIGERIM@example.kz"})
	})
	if !errors.Is(err, store.ErrEmailTaken) {
		t.Errorf("the same address again: %v, want ErrEmailTaken", err)
	}
}

func logins(t *testing.T, db *store.DB) {
	makeWorld(t, db, "a")
	u := idflow.User{ID: "u", OrganizationID: "a", Email: "u@example.kz", Role: idflow.Owner, PasswordHash: "old", PasswordExpired: true, CreatedAt: noon}
	other := idflow.User{ID: "v", OrganizationID: "a", Email: "v@example.kz", Role: idflow.Viewer, CreatedAt: noon}
	login := func(token, user string, lives time.Duration) idflow.Login {
		return idflow.Login{TokenHash: []byte(token), UserID: user, UserAgent: "Firefox " + token, CreatedAt: noon, ExpiresAt: noon.Add(lives)}
	}
	short, long, third := login("short", "u", time.Minute), login("long", "u", time.Hour), login("third", "u", time.Hour)
	long.CreatedAt = noon.Add(time.Second)
	strange := login("strange", "v", time.Hour)
	strange.UserAgent = "bad \xff bytes"
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertUser(ctx, u), tx.InsertUser(ctx, other), tx.InsertLogin(ctx, short), tx.InsertLogin(ctx, long),
			tx.InsertLogin(ctx, third), tx.InsertLogin(ctx, strange))
	})
	byLogin := func(token string, at time.Time) (idflow.User, error) {
		return try(t.Context(), db, func(ctx context.Context, tx *store.Tx) (idflow.User, error) {
			return tx.UserByLogin(ctx, []byte(token), at)
		})
	}
	for _, c := range []struct {
		name, token string
		after       time.Duration
		want        string // user, empty: none
	}{
		{"at once", "short", 0, "u"},
		{"last moment", "short", time.Minute - time.Millisecond, "u"},
		{"expired", "short", time.Minute, ""},
		{"longer", "long", time.Minute, "u"},
		{"another user's", "strange", 0, "v"},
		{"unknown", "unknown", 0, ""},
	} {
		got, err := byLogin(c.token, noon.Add(c.after))
		if c.want == "" {
			missing(t, c.name, err)
		} else if err != nil || got.ID != c.want {
			t.Errorf("%s: %q, %v, want %q", c.name, got.ID, err, c.want)
		}
	}
	list := read(t, db, func(ctx context.Context, tx *store.Tx) ([]idflow.Login, error) {
		return tx.Logins(ctx, "u", noon.Add(time.Minute))
	})
	equal(t, "logins that live, newest first", list, []idflow.Login{long, third})

	in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.SetPassword(ctx, "u", "new", []byte("long")) })
	if got, err := byLogin("long", noon); err != nil || got.PasswordHash != "new" || got.PasswordExpired {
		t.Errorf("the login that was kept: %v, %v", got, err)
	}
	_, err := byLogin("third", noon)
	missing(t, "a login from before the new password", err)
	if _, err = byLogin("strange", noon); err != nil {
		t.Errorf("another user's login after the new password: %v", err)
	}
	err = db.InTx(t.Context(), func(tx *store.Tx) error { return tx.SetPassword(t.Context(), "nobody", "new", nil) })
	missing(t, "password of nobody", err)

	in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteUserLogins(ctx, "u", nil) })
	_, err = byLogin("long", noon)
	missing(t, "a login after all of the user's have ended", err)
	in(t, db, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteLogin(ctx, []byte("unknown")) })

	for _, want := range []int{1, 0} {
		var n int
		in(t, db, func(ctx context.Context, tx *store.Tx) (err error) {
			n, err = tx.DeleteExpiredLogins(ctx, noon.Add(time.Hour))
			return err
		})
		equal(t, "expired logins", n, want)
	}
	in(t, db, func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.InsertLogin(ctx, short), tx.DeleteLogin(ctx, short.TokenHash))
	})
	_, err = byLogin("short", noon)
	missing(t, "a login that has ended", err)
}

// equal fails unless got is want to the last member.
func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}
