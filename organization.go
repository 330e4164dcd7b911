package idflow

import (
	"slices"
	"time"
)

// Organization is a customer of the platform. Every row carries its id and
// nothing crosses it.
type Organization struct {
	ID        string
	Name      string
	CreatedAt time.Time
}

// User is a human in the cabinet of one organization.
type User struct {
	ID             string
	OrganizationID string
	Email          string
	Name           string
	Role           Role
	PasswordHash   string // argon2id, PHC string
	// PasswordExpired: the password was made by the machine and must be
	// replaced before anything else is done.
	PasswordExpired bool
	CreatedAt       time.Time
}

// Role is what a User may do. See may.
type Role string

const (
	Owner     Role = "owner"
	Developer Role = "developer"
	Reviewer  Role = "reviewer"
	Viewer    Role = "viewer"
)

// Permission is one thing that can be allowed.
type Permission string

const (
	ReadFlows         Permission = "flows.read"
	WriteFlows        Permission = "flows.write"
	ReadKeys          Permission = "keys.read"
	WriteKeys         Permission = "keys.write"
	ReadWebhooks      Permission = "webhooks.read"
	WriteWebhooks     Permission = "webhooks.write"
	BuySubscriptions  Permission = "subscriptions.buy"
	CreateSessions    Permission = "sessions.create"
	ReadSessions      Permission = "sessions.read"
	ReadEvidence      Permission = "evidence.read"
	Decide            Permission = "sessions.decide"
	ReadStatistics    Permission = "statistics.read"
	ReadUsers         Permission = "users.read"
	WriteUsers        Permission = "users.write"
	WriteOrganization Permission = "organization.write" // branding, retention, company sign-in
	ReadAudit         Permission = "audit.read"
)

// may is the whole table of who may do what.
var may = map[Role][]Permission{
	Owner: {ReadFlows, WriteFlows, ReadKeys, WriteKeys, ReadWebhooks, WriteWebhooks, BuySubscriptions, CreateSessions, ReadSessions, ReadEvidence,
		Decide, ReadStatistics, ReadUsers, WriteUsers, WriteOrganization, ReadAudit},
	Developer: {ReadFlows, WriteFlows, ReadKeys, WriteKeys, ReadWebhooks, WriteWebhooks, CreateSessions, ReadSessions, ReadStatistics, ReadUsers},
	Reviewer:  {ReadFlows, CreateSessions, ReadSessions, ReadEvidence, Decide, ReadStatistics, ReadUsers},
	Viewer:    {ReadFlows, ReadSessions, ReadStatistics},
}

// Permissions of a role.
func (r Role) Permissions() []Permission { return slices.Clone(may[r]) }

// Actor is whoever asks: a user of the cabinet or the holder of an API key.
type Actor struct {
	OrganizationID string
	UserID         string // empty for a key
	Role           Role   // of the user
	KeyID          string // empty for a user
	FlowID         string // a Flow's key: this Flow only; empty: the whole organization
}

// flowKeyMay is what the holder of a Flow's key may do, with that Flow only.
var flowKeyMay = []Permission{ReadFlows, CreateSessions, ReadSessions}

// May reports whether the actor has the permission, leaving aside to which Flow.
func (a Actor) May(p Permission) bool {
	switch {
	case a.UserID != "":
		return slices.Contains(may[a.Role], p)
	case a.FlowID != "":
		return slices.Contains(flowKeyMay, p)
	default:
		return a.KeyID != "" // the organization's own key
	}
}

// APIKey opens sessions for one Flow, or speaks for the whole organization
// when FlowID is empty. Only its SHA-256 is kept, beside a sealed copy that is
// destroyed when it is first shown.
type APIKey struct {
	ID             string
	OrganizationID string
	FlowID         string
	Masked         string // what the cabinet shows, "idf_live_Ab3d…x9Qz"
	Hash           []byte // SHA-256
	Shown          bool   // the sealed copy is gone
	CreatedAt      time.Time
	RevokedAt      time.Time // zero while it opens
}

// Subscription lets an organization use one technology, by duration or by
// number of transactions. A zero EndsAt has no end, a zero Transactions no limit.
type Subscription struct {
	ID             string
	OrganizationID string
	Technology     string // key
	StartsAt       time.Time
	EndsAt         time.Time
	Transactions   int
	Used           int
	PurchasedAt    time.Time
}

// SubscriptionStatus tells whether a Subscription counts.
type SubscriptionStatus string

const (
	SubscriptionActive  SubscriptionStatus = "active"
	SubscriptionFuture  SubscriptionStatus = "future"
	SubscriptionExpired SubscriptionStatus = "expired"
	SubscriptionUsedUp  SubscriptionStatus = "used_up"
)

// Status of the subscription at the time now.
func (s Subscription) Status(now time.Time) SubscriptionStatus {
	switch {
	case s.Transactions > 0 && s.Used >= s.Transactions:
		return SubscriptionUsedUp
	case !s.EndsAt.IsZero() && !now.Before(s.EndsAt):
		return SubscriptionExpired
	case now.Before(s.StartsAt):
		return SubscriptionFuture
	default:
		return SubscriptionActive
	}
}

// Remaining transactions, or -1 when their number is not limited.
func (s Subscription) Remaining() int {
	if s.Transactions == 0 {
		return -1
	}
	return max(0, s.Transactions-s.Used)
}
