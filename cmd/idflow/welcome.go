package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"idflow"
	"idflow/cabinet"
	"idflow/store"
)

// What the first start makes.
const (
	firstOrganization = "My organization"
	firstOwner        = "owner@localhost"
	firstFlow         = "Liveness + Document + Face 2 Face"
)

var firstTechnologies = []string{"liveness_short", "document_recognition", "face2face"}

// welcome makes the first organization, its owner and a Flow that is ready to
// use, and prints how to log in. On later starts it does nothing.
func (s *server) welcome(ctx context.Context, w io.Writer, publicURL string) error {
	organizations, err := s.organizations(ctx)
	if err != nil || len(organizations) > 0 {
		return err
	}
	now := time.Now()
	password := cabinet.OneTimePassword()
	o := idflow.Organization{ID: newID(), Name: firstOrganization, CreatedAt: now}
	u := idflow.User{ID: newID(), OrganizationID: o.ID, Email: firstOwner, Name: "Owner", Role: idflow.Owner,
		PasswordHash: cabinet.HashPassword(password), PasswordExpired: true, CreatedAt: now}
	err = s.db.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.InsertOrganization(ctx, o); err != nil {
			return err
		}
		return tx.InsertUser(ctx, u)
	})
	if err != nil {
		return err
	}
	if err := s.engine.Welcome(ctx, o.ID, firstFlow, firstTechnologies); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `
idflow is ready.

  Open      %s
  Log in    %s
  Password  %s   (for the first login only; choose your own then)

`, publicURL, firstOwner, password)
	return err
}

func (s *server) organizations(ctx context.Context) (list []idflow.Organization, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Organizations(ctx)
		return err
	})
	return list, err
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }
