package store

import "context"

// PutFact keeps a sealed fact; the last one of a name counts.
func (tx *Tx) PutFact(ctx context.Context, sessionID, name string, sealed []byte) error {
	_, err := tx.write(ctx, "put fact", `
		INSERT INTO fact (session_id, name, sealed) VALUES ($1, $2, $3)
		ON CONFLICT (session_id, name) DO UPDATE SET sealed = excluded.sealed`, sessionID, name, sealed)
	return err
}

// Facts reads a session's sealed facts by name.
func (tx *Tx) Facts(ctx context.Context, sessionID string) (map[string][]byte, error) {
	type fact struct {
		name   string
		sealed []byte
	}
	scan := func(r row) (f fact, err error) { return f, r.Scan(&f.name, &f.sealed) }
	all, err := list(ctx, tx, "facts", scan, `SELECT name, sealed FROM fact WHERE session_id = $1`, sessionID)
	facts := make(map[string][]byte, len(all))
	for _, f := range all {
		facts[f.name] = f.sealed
	}
	return facts, err
}
