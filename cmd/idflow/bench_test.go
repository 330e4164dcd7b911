package main

import (
	"bufio"
	"bytes"
	"fmt"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/vision"
	"idflow/vision/face"
)

// What the product promises about speed and memory, measured on the program as
// it is shipped. Time is the clock's; cpu-ms is the processor's, all threads
// together.

// BenchmarkSelfie goes from the file to everything that is known of a face.
func BenchmarkSelfie(b *testing.B) {
	nets := benchNets(b)
	selfie := selfie640(b)
	benchCPU(b, func() error {
		m, err := vision.Decode(selfie)
		if err != nil {
			return err
		}
		_, err = nets.faces.Analyze(b.Context(), m, face.WantAll)
		return err
	})
}

// BenchmarkPassport goes from the file to the machine-readable zone.
func BenchmarkPassport(b *testing.B) {
	nets := benchNets(b)
	who, _ := two(b)
	photo := passport(b, who.Pictures[1])
	benchCPU(b, func() error {
		m, err := vision.Decode(photo)
		if err != nil {
			return err
		}
		r, err := nets.zones.Read(b.Context(), m, time.Now())
		if err == nil && (r.Document == nil || !r.Document.ChecksOK()) {
			err = fmt.Errorf("the zone was not read")
		}
		return err
	})
}

// BenchmarkVerify runs `idflow verify` on a selfie and a passport.
func BenchmarkVerify(b *testing.B) {
	binary, dir := buildProgram(b), b.TempDir()
	who, _ := two(b)
	selfie, document := filepath.Join(dir, "selfie.jpg"), filepath.Join(dir, "passport.jpg")
	write(b, selfie, who.Pictures[0].JPEG)
	write(b, document, passport(b, who.Pictures[1]))
	var cpu time.Duration
	var memory int64
	for b.Loop() {
		cmd := exec.Command(binary, "verify", "--selfie", selfie, "--document", document)
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		memory = max(memory, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	}
	b.ReportMetric(cpu.Seconds()*1000/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(memory)/1000, "MB")
}

// BenchmarkServe measures how long it takes until the server answers, and how
// much memory it holds after ten whole sessions.
func BenchmarkServe(b *testing.B) {
	binary := buildProgram(b)
	b.Run("first start", func(b *testing.B) {
		for b.Loop() {
			stop := start(b, binary, b.TempDir()).stop
			b.StopTimer()
			stop()
			b.StartTimer()
		}
	})
	b.Run("later start", func(b *testing.B) {
		data := b.TempDir()
		start(b, binary, data).stop()
		for b.Loop() {
			stop := start(b, binary, data).stop
			b.StopTimer()
			stop()
			b.StartTimer()
		}
	})
	b.Run("ten sessions", func(b *testing.B) {
		who, _ := two(b)
		selfie, document := who.Pictures[0].JPEG, passport(b, who.Pictures[1])
		var memory float64
		for b.Loop() {
			b.StopTimer()
			p := start(b, binary, b.TempDir())
			i := &instance{t: b, url: p.url}
			i.logIn(p.greeting(b))
			flow := i.firstFlow()
			b.StartTimer()
			for range 10 {
				s := i.begin(flow)
				s.give(1, 1, map[string][]byte{"selfie": selfie})
				if v := s.give(2, 1, map[string][]byte{"front": document}); v["state"] != "approved" {
					b.Fatalf("a session ended %v", v)
				}
			}
			b.StopTimer()
			memory = max(memory, p.resident(b))
			p.stop()
			b.StartTimer()
		}
		b.ReportMetric(memory, "MB")
	})
}

// program is a running server in a process of its own.
type program struct {
	cmd    *exec.Cmd
	url    string
	stdout string // a file
	stop   func()
}

var ready = regexp.MustCompile(`msg=ready address=(\S+)`)

// start runs `idflow serve` and returns when it answers its first request.
func start(b *testing.B, binary, data string) *program {
	b.Helper()
	p := &program{
		cmd:    exec.Command(binary, "serve", "--addr", "127.0.0.1:0", "--data", data),
		stdout: filepath.Join(b.TempDir(), "stdout"),
	}
	stdout, err := os.Create(p.stdout)
	if err != nil {
		b.Fatal(err)
	}
	defer stdout.Close()
	p.cmd.Stdout = stdout
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	log, said := bufio.NewScanner(stderr), ""
	for p.url == "" && log.Scan() {
		said += log.Text() + "\n"
		if m := ready.FindStringSubmatch(log.Text()); m != nil {
			p.url = m[1]
		}
	}
	drained := make(chan struct{})
	go func() { // or the server would wait for a reader some day
		io.Copy(io.Discard, stderr)
		close(drained)
	}()
	p.stop = func() {
		p.cmd.Process.Signal(os.Interrupt)
		<-drained
		if err := p.cmd.Wait(); err != nil {
			b.Errorf("the server ended with %v", err)
		}
	}
	if p.url == "" {
		p.stop()
		b.Fatalf("the server did not start: %s", said)
	}
	i := &instance{t: b, url: p.url, http: http.DefaultClient}
	if answer, body := i.call("GET", "/v1/openapi.json", "", nil); answer.StatusCode != 200 {
		b.Fatalf("the first answer is %d %s", answer.StatusCode, body)
	}
	return p
}

// greeting is what the first start printed.
func (p *program) greeting(b *testing.B) string {
	b.Helper()
	text, err := os.ReadFile(p.stdout)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

// resident is the memory that the process holds now, in MB.
func (p *program) resident(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kB); n == 1 {
			return kB / 1000
		}
	}
	b.Fatal("the system does not say how much memory the process holds")
	return 0
}

// buildProgram builds the binary; it finds the networks in its environment.
func buildProgram(b *testing.B) string {
	b.Helper()
	b.Setenv("IDFLOW_MODELS", modelstest.Dir(b).Path())
	binary := filepath.Join(b.TempDir(), "idflow")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return binary
}

func benchNets(b *testing.B) *nets {
	b.Helper()
	n, err := openNets(modelstest.Dir(b).Path(), 1)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(n.Close)
	return n
}

// selfie640 is a selfie of 640×480 pixels, as a phone would send it.
func selfie640(b *testing.B) []byte {
	b.Helper()
	who, _ := two(b)
	portrait, err := who.Pictures[0].Portrait()
	if err != nil {
		b.Fatal(err)
	}
	m, err := specimen.Selfie(portrait, 640, 480)
	if err != nil {
		b.Fatal(err)
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m, &jpeg.Options{Quality: 90}); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

// benchCPU measures the processor's time beside the clock's. The first run,
// which reads the networks, does not count.
func benchCPU(b *testing.B, run func() error) {
	b.Helper()
	if err := run(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		if err := run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((cpuTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/op")
}

func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func write(b *testing.B, path string, data []byte) {
	b.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.Fatal(err)
	}
}
