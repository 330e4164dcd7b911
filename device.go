package idflow

// Device is what the person's browser says of itself. It may say anything, so
// this is a hint for whoever looks at a session, and nothing is decided by it.
// It is kept coarse on purpose: it names no person and no single device.
type Device struct {
	Browser       string `json:"browser,omitempty"`        // name and major version, "Chrome 141"
	System        string `json:"system,omitempty"`         // "Android", "iOS", "Windows", …
	VirtualCamera string `json:"virtual_camera,omitempty"` // a program that feigns a camera, by its name
}
