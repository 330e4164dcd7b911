package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"idflow"
	"idflow/cabinet"
	"idflow/store"
)

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Add a person to the organization and print a one-time password."`
}

type userAddCmd struct {
	Email string `arg:"" help:"E-mail address to log in with."`
	Name  string `help:"Name that the cabinet shows." placeholder:"NAME"`
	Role  string `help:"owner, developer, reviewer or viewer." enum:"owner,developer,reviewer,viewer" default:"viewer"`
	Data  string `help:"Data folder of the server." default:"data" env:"IDFLOW_DATA" type:"path"`
	DB    string `help:"Database (default: idflow.db in the data folder)." env:"IDFLOW_DB" placeholder:"URL"`
}

func (c *userAddCmd) Run(ctx context.Context, log *slog.Logger) error {
	if !strings.Contains(c.Email, "@") {
		return fmt.Errorf("%q is no e-mail address", c.Email)
	}
	if c.DB == "" {
		c.DB = filepath.Join(c.Data, "idflow.db")
	}
	db, err := store.Open(ctx, c.DB, store.Options{Log: log})
	if err != nil {
		return err
	}
	defer db.Close()
	password := cabinet.OneTimePassword()
	u := idflow.User{ID: newID(), Email: strings.ToLower(c.Email), Name: c.Name, Role: idflow.Role(c.Role),
		PasswordHash: cabinet.HashPassword(password), PasswordExpired: true, CreatedAt: time.Now()}
	err = db.InTx(ctx, func(tx *store.Tx) error {
		organizations, err := tx.Organizations(ctx)
		if err != nil {
			return err
		}
		if len(organizations) != 1 {
			return fmt.Errorf("there are %d organizations: start the server once, so that there is one", len(organizations))
		}
		u.OrganizationID = organizations[0].ID
		return tx.InsertUser(ctx, u)
	})
	if err != nil {
		return err
	}
	fmt.Printf("%s may log in with the password %s, and has to choose another one then.\n", u.Email, password)
	return nil
}
