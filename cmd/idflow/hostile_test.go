package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"strings"
	"testing"
)

// drawn is a picture without a face.
func drawn(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 640, 480)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a PNG of a few bytes that says it is enormous.
func bomb(side uint32) []byte {
	head := binary.BigEndian.AppendUint32(nil, 13)
	chunk := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, side), side)...)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	return append(append([]byte("\x89PNG\r\n\x1a\n"), append(head, chunk...)...), binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(chunk))...)
}

func TestUploadsThatAreRefused(t *testing.T) {
	i := newTestServer(t)
	p := i.begin(i.firstFlow())
	picture := drawn(t)
	for _, c := range []struct {
		name, query, contentType string
		body                     []byte
		status                   int
		code                     string
	}{
		{"too many bytes", "selfie?step=1&attempt=1", "image/jpeg", append(picture[:len(picture):len(picture)], make([]byte, 25<<20)...), 413, "picture_too_large"},
		{"too many pixels", "selfie?step=1&attempt=1", "image/png", bomb(30000), 422, "picture_too_many_pixels"},
		{"another type", "selfie?step=1&attempt=1", "image/png", picture, 422, "picture_type_wrong"},
		{"no picture", "selfie?step=1&attempt=1", "image/jpeg", []byte("GIF89a and the rest"), 422, "picture_not_readable"},
		{"nothing", "selfie?step=1&attempt=1", "image/jpeg", nil, 422, "picture_not_readable"},
		{"not asked for", "passport?step=1&attempt=1", "image/jpeg", picture, 422, "capture_unknown"},
		{"a later attempt", "selfie?step=1&attempt=2", "image/jpeg", picture, 409, "attempt_over"},
		{"no position", "selfie", "image/jpeg", picture, 422, "request_malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer, data := p.call("PUT", "/capture/evidence/"+c.query, c.contentType, c.body, p.auth...)
			if answer.StatusCode != c.status || !bytes.Contains(data, []byte(`"code":"`+c.code+`"`)) {
				t.Errorf("%d %s, want %d %s", answer.StatusCode, data, c.status, c.code)
			}
			if got := answer.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("the answer is %s", got)
			}
		})
	}
	s := i.want(200, "GET", "/v1/sessions/"+p.id, "")
	if evidence := s["steps"].([]any)[0].(map[string]any)["evidence"].([]any); len(evidence) != 0 {
		t.Errorf("refused uploads left %v", evidence)
	}
	v := p.give(1, 1, map[string][]byte{"selfie": picture})
	if last := v["last"].(map[string]any); v["attempt"] != 2.0 || fmt.Sprint(last["reasons"]) != "[face_not_found]" {
		t.Errorf("a picture without a face: %v", v)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	i := newTestServer(t)
	p := i.begin(i.firstFlow())
	stranger := *i.http
	stranger.Jar = nil
	anonymous := &instance{t: t, url: i.url, http: &stranger}
	for _, path := range []string{"/v1/flows", "/v1/sessions", "/v1/sessions/" + p.id, "/v1/technologies", "/v1/subscriptions"} {
		if got := anonymous.want(401, "GET", path, ""); got["code"] != "unauthorized" {
			t.Errorf("%s without a login: %v", path, got)
		}
		anonymous.want(401, "GET", path, "", "Authorization", "Bearer idf_live_wrong")
	}
	anonymous.want(404, "GET", "/capture/session", "", "Authorization", "Bearer wrong")
	anonymous.want(404, "GET", "/capture/session", "")
	if got := i.want(403, "POST", "/v1/flows", `{}`, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); got["code"] != "foreign_origin" {
		t.Errorf("a request from another site's page: %v", got)
	}
	flow := i.firstFlow()
	keys := i.want(200, "GET", "/v1/flows/"+flow, "")["keys"].([]any)
	key := i.want(200, "POST", fmt.Sprintf("/v1/flows/%s/keys/%s/reveal", flow, keys[0].(map[string]any)["id"]), "")["key"].(string)
	if got := i.want(409, "POST", fmt.Sprintf("/v1/flows/%s/keys/%s/reveal", flow, keys[0].(map[string]any)["id"]), ""); got["code"] != "key_shown" {
		t.Errorf("a second look at the key: %v", got)
	}
	bearer := []string{"Authorization", "Bearer " + key}
	anonymous.want(201, "POST", "/v1/sessions", `{"reference_id":"x"}`, bearer...)
	anonymous.want(403, "POST", "/v1/flows", `{"name":"x","steps":[{"technology":"liveness_short"}]}`, bearer...)
	anonymous.want(403, "DELETE", "/v1/flows/"+flow, "", bearer...)
	i.want(204, "DELETE", "/v1/flows/"+flow, "")
	anonymous.want(401, "GET", "/v1/sessions", "", bearer...)
}

func TestFlowsThatAreRefused(t *testing.T) {
	i := newTestServer(t)
	for _, c := range []struct{ name, body, code, field string }{
		{"no name", `{"steps":[{"technology":"liveness_short"}]}`, "flow_name_missing", "name"},
		{"no steps", `{"name":"x","steps":[]}`, "flow_without_steps", "steps"},
		{"unknown technology", `{"name":"x","steps":[{"technology":"palm"}]}`, "technology_unknown", "steps[0].technology"},
		{"impossible order", `{"name":"x","steps":[{"technology":"liveness_short"},{"technology":"face2face"},{"technology":"document_recognition"}]}`, "flow_order_impossible", "steps[1].technology"},
		{"unknown setting", `{"name":"x","steps":[{"technology":"liveness_short","settings":{"colour":1}}]}`, "setting_unknown", "steps[0].settings.colour"},
		{"setting out of range", `{"name":"x","steps":[{"technology":"liveness_short","settings":{"accept":2}}]}`, "setting_invalid", "steps[0].settings.accept"},
		{"attempts", `{"name":"x","steps":[{"technology":"liveness_short","attempts":9}]}`, "step_attempts_out_of_range", "steps[0].attempts"},
		{"unknown member", `{"name":"x","colour":1,"steps":[{"technology":"liveness_short"}]}`, "request_invalid", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := i.want(422, "POST", "/v1/flows", c.body)
			if got["code"] != c.code || c.field != "" && got["field"] != c.field {
				t.Errorf("answer %v, want %s at %s", got, c.code, c.field)
			}
			if c.field == "" {
				return
			}
			check := i.want(200, "POST", "/v1/flows/validate", c.body)
			if check["valid"] != false || !strings.Contains(fmt.Sprint(check["problems"]), c.code) {
				t.Errorf("validation says %v", check)
			}
		})
	}
	if flows := i.want(200, "GET", "/v1/flows", "")["data"].([]any); len(flows) != 1 {
		t.Errorf("refused Flows left %d, want the first one only", len(flows))
	}
	i.want(400, "POST", "/v1/flows", `{"name":`)
}

func TestLoginLocks(t *testing.T) {
	i := newTestServer(t)
	for n := range 10 {
		if got := i.want(401, "POST", "/cabinet/login", `{"email":"owner@localhost","password":"wrong"}`); got["code"] != "login_failed" {
			t.Fatalf("try %d: %v", n, got)
		}
	}
	if got := i.want(429, "POST", "/cabinet/login", `{"email":"OWNER@localhost","password":"correct horse battery"}`); got["code"] != "login_locked" {
		t.Errorf("after ten wrong passwords: %v", got)
	}
	i.want(401, "POST", "/cabinet/login", `{"email":"nobody@localhost","password":"wrong"}`)
	i.want(204, "POST", "/cabinet/logout", "")
	i.want(401, "GET", "/cabinet/me", "")
}
