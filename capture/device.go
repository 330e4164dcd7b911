package capture

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	"idflow"
	"idflow/engine"
)

// maxUserAgent bounds what is read of a browser's name for itself, in bytes.
const maxUserAgent = 512

// browsers by the token that tells them, the more particular before those whose
// token they carry, too.
var browsers = []struct{ token, name string }{
	{"EdgiOS", "Edge"}, {"EdgA", "Edge"}, {"Edg", "Edge"}, {"OPR", "Opera"}, {"YaBrowser", "Yandex Browser"}, {"SamsungBrowser", "Samsung Internet"},
	{"CriOS", "Chrome"}, {"FxiOS", "Firefox"}, {"Firefox", "Firefox"}, {"HeadlessChrome", "Chrome"}, {"Chrome", "Chrome"}, {"Version", "Safari"},
}

// systems by a word that tells them, in the order they are looked for.
var systems = []struct{ word, name string }{
	{"Android", "Android"}, {"iPhone", "iOS"}, {"iPad", "iOS"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
}

// virtualCameras are programs that feign a camera, by words of the labels that
// they give it.
var virtualCameras = []struct{ word, name string }{
	{"obs", "OBS"}, {"manycam", "ManyCam"}, {"v4l2loopback", "v4l2loopback"}, {"dummy video device", "v4l2loopback"}, {"xsplit", "XSplit"}, {"snap camera", "Snap Camera"},
	{"droidcam", "DroidCam"}, {"iriun", "Iriun"}, {"epoccam", "EpocCam"}, {"e2esoft", "e2eSoft VCam"}, {"vcam", "e2eSoft VCam"}, {"camtwist", "CamTwist"}, {"mmhmm", "mmhmm"},
	{"splitcam", "SplitCam"}, {"youcam", "YouCam"}, {"sparkocam", "SparkoCam"}, {"unity video capture", "Unity Capture"}, {"ndi video", "NDI"}, {"ndi webcam", "NDI"}, {"virtual", "virtual camera"},
}

var major = regexp.MustCompile(`^/(\d{1,4})(?:\D|$)`)

// deviceOf reads what a browser says of itself.
func deviceOf(userAgent string) (d idflow.Device) {
	userAgent = userAgent[:min(len(userAgent), maxUserAgent)]
	for _, b := range browsers {
		_, after, found := strings.Cut(userAgent, b.token)
		if version := major.FindStringSubmatch(after); found && version != nil {
			d.Browser = b.name + " " + version[1]
			break
		}
	}
	for _, s := range systems {
		if strings.Contains(userAgent, s.word) {
			d.System = s.name
			break
		}
	}
	return d
}

// virtualCamera names the program behind a camera's label, if it is a known one.
// The label itself is not kept: "Anna's iPhone Camera" tells who it was.
func virtualCamera(label string) string {
	words := " " + strings.ToLower(label[:min(len(label), maxUserAgent)])
	for _, c := range virtualCameras {
		if strings.Contains(words, " "+c.word) {
			return c.name
		}
	}
	return ""
}

// noting lets the engine know whose browser it is that asks.
func noting(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		next(w, r.WithContext(engine.WithDevice(r.Context(), deviceOf(r.UserAgent()))))
	}
}

// withCamera adds what the page says of its camera.
func withCamera(ctx context.Context, userAgent, label string) context.Context {
	d := deviceOf(userAgent)
	d.VirtualCamera = virtualCamera(label)
	return engine.WithDevice(ctx, d)
}
