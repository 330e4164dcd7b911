package capture

import (
	"strings"
	"testing"
	"unicode/utf8"

	"idflow"
)

func TestDeviceOf(t *testing.T) {
	for _, c := range []struct{ name, says, browser, system string }{
		{"Chrome on Android", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36", "Chrome 141", "Android"},
		{"Safari on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1", "Safari 26", "iOS"},
		{"Chrome on an iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1", "Chrome 141", "iOS"},
		{"Edge on Windows", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge 141", "Windows"},
		{"Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "Firefox 144", "Linux"},
		{"Yandex on a Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.8.0.0 Safari/537.36", "Yandex Browser 25", "macOS"},
		{"Samsung", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet 28", "Android"},
		{"a program", "curl/8.14.1", "", ""},
		{"nothing", "", "", ""},
		{"a version that is none", "Chrome/99999999", "", ""},
		{"too much", strings.Repeat("x", 1<<20) + "Chrome/1", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := deviceOf(c.says); got != (idflow.Device{Browser: c.browser, System: c.system}) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestVirtualCamera(t *testing.T) {
	for label, want := range map[string]string{
		"OBS Virtual Camera": "OBS", "OBS-Camera": "OBS", "ManyCam Virtual Webcam": "ManyCam", "Dummy video device (0x0000) (platform:v4l2loopback-000)": "v4l2loopback",
		"Some Virtual Cam": "virtual camera", "e2eSoft VCam": "e2eSoft VCam", "FaceTime HD Camera": "", "Anna's iPhone Camera": "", "Integrated Camera (04f2:b6d0)": "",
		"camera2 1, facing front": "", "Jobs Camera": "", "": "",
	} {
		if got := virtualCamera(label); got != want {
			t.Errorf("%q is %q, want %q", label, got, want)
		}
	}
}

func FuzzDevice(f *testing.F) {
	f.Add("Mozilla/5.0 (Linux; Android 10; K) Chrome/141.0.0.0", "OBS Virtual Camera")
	f.Fuzz(func(t *testing.T, userAgent, label string) {
		d := deviceOf(userAgent)
		for _, s := range []string{d.Browser, d.System, virtualCamera(label)} {
			if len(s) > 32 || !utf8.ValidString(s) {
				t.Errorf("%q", s)
			}
		}
	})
}
