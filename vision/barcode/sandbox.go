package barcode

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// sandbox is the compiled program and the instances that wait for work. What
// runs inside has its own memory and no files, no clock and no network: the worst
// that a hostile picture can do is to end its instance.
type sandbox struct {
	runtime  wazero.Runtime
	compiled wazero.CompiledModule

	mu   sync.Mutex
	idle []*instance
	shut bool
}

const pageSize = 64 << 10 // of WebAssembly memory

// machineCode keeps what was compiled, so that a process compiles the program
// once, however many readers it opens.
var machineCode = wazero.NewCompilationCache()

// newSandbox compiles the program, which takes about a second of CPU time the
// first time.
func newSandbox(ctx context.Context, wasm []byte, memory int) (*sandbox, error) {
	config := wazero.NewRuntimeConfig().
		WithCompilationCache(machineCode).
		WithMemoryLimitPages(uint32(max(1, memory/pageSize)))
	wasm, err := meter(wasm)
	if err != nil {
		return nil, err
	}
	s := &sandbox{runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if s.compiled, err = s.runtime.CompileModule(ctx, wasm); err != nil {
		return nil, errors.Join(fmt.Errorf("compile: %w", err), s.runtime.Close(ctx))
	}
	if err := s.host(ctx); err != nil {
		return nil, errors.Join(err, s.runtime.Close(ctx))
	}
	return s, nil
}

// host gives the program the functions it imports. Those for canvases are
// never called on our way; calling them ends the instance.
func (s *sandbox) host(ctx context.Context) error {
	given := map[string]func(*instance, []uint64){
		"__wbindgen_object_drop_ref": func(i *instance, p []uint64) { i.drop(uint32(p[0])) },
		"__wbg_barcoderesult_new":    func(i *instance, p []uint64) { p[0] = uint64(i.keep(uint32(p[0]))) },
		"__wbindgen_cast": func(i *instance, p []uint64) {
			text, _ := i.bytes(uint32(p[0]), uint32(p[1]))
			p[0] = uint64(i.keep(string(text)))
		},
		"__wbg_new": func(i *instance, p []uint64) { p[0] = uint64(i.keep(&remarks{})) },
		"__wbg_set": func(i *instance, p []uint64) {
			m, _ := i.objects[uint32(p[0])].(*remarks)
			a, _ := i.objects[uint32(p[1])].(string)
			b, _ := i.objects[uint32(p[2])].(string)
			if m != nil {
				*m = append(*m, [2]string{a, b})
			}
			p[0] = uint64(i.keep(m)) // the map once more
		},
		// The moment of reading, which nobody asks for.
		"__wbg_new_0":   func(i *instance, p []uint64) { p[0] = uint64(i.keep(nil)) },
		"__wbg_getTime": func(_ *instance, p []uint64) { p[0] = math.Float64bits(0) },
	}
	modules := map[string]wazero.HostModuleBuilder{}
	for _, f := range s.compiled.ImportedFunctions() {
		module, name, _ := f.Import()
		b, ok := modules[module]
		if !ok {
			b = s.runtime.NewHostModuleBuilder(module)
			modules[module] = b
		}
		call := given[plainName(name)]
		b.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(ctx context.Context, _ api.Module, p []uint64) {
			i, _ := ctx.Value(instanceKey{}).(*instance)
			if call == nil || i == nil {
				panic(fmt.Errorf("barcode: the program called %s", name))
			}
			call(i, p)
		}), f.ParamTypes(), f.ResultTypes()).Export(name)
	}
	for name, b := range modules {
		if _, err := b.Instantiate(ctx); err != nil {
			return fmt.Errorf("offer %s: %w", name, err)
		}
	}
	return nil
}

// plainName leaves out the number that the program's tools put behind a name.
func plainName(s string) string {
	if i := strings.LastIndexByte(s, '_'); i > 0 && len(s)-i-1 == 16 {
		return s[:i]
	}
	return s
}

type instanceKey struct{}

// instance is one copy of the program with memory of its own. Not for
// concurrent use.
type instance struct {
	module api.Module
	calls  map[string]api.Function
	// objects are what the program knows by number only: results by their
	// address, texts of errors.
	objects map[uint32]any
	next    uint32
	hints   map[string]uint32 // addresses by formats
	fuel    api.MutableGlobal // how many rounds are left
}

// firstObject lies above the numbers that the program takes for undefined, null,
// true and false.
const firstObject = 4096

// take gives an instance that waits, or a new one.
func (s *sandbox) take(ctx context.Context) (*instance, error) {
	s.mu.Lock()
	if s.shut {
		s.mu.Unlock()
		return nil, ErrClosed
	}
	if n := len(s.idle); n > 0 {
		i := s.idle[n-1]
		s.idle = s.idle[:n-1]
		s.mu.Unlock()
		return i, nil
	}
	s.mu.Unlock()
	return s.instantiate(ctx)
}

// give puts an instance back that is as good as new.
func (s *sandbox) give(i *instance) {
	clear(i.objects)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = append(s.idle, i) // a closed runtime has closed it already
}

func (s *sandbox) close(ctx context.Context) error {
	s.mu.Lock()
	s.shut, s.idle = true, nil
	s.mu.Unlock()
	return s.runtime.Close(ctx)
}

func (s *sandbox) instantiate(ctx context.Context) (*instance, error) {
	i := &instance{calls: map[string]api.Function{}, objects: map[uint32]any{}, next: firstObject, hints: map[string]uint32{}}
	ctx = context.WithValue(ctx, instanceKey{}, i)
	var err error
	// Without a name any number of instances may stand side by side.
	if i.module, err = s.runtime.InstantiateModule(ctx, s.compiled, wazero.NewModuleConfig().WithName("")); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	fuel, ok := i.module.ExportedGlobal(fuelName).(api.MutableGlobal)
	if !ok {
		return nil, errors.Join(errModule, i.close())
	}
	i.fuel = fuel
	return i, nil
}

// close ends the instance and frees its memory, whatever state it is in.
func (i *instance) close() error { return i.module.Close(context.Background()) }

// call runs an exported function. After an error the instance is of no use.
func (i *instance) call(ctx context.Context, name string, params ...uint64) (uint32, error) {
	f := i.calls[name]
	if f == nil {
		if f = i.module.ExportedFunction(name); f == nil {
			return 0, fmt.Errorf("the program has no function %s", name)
		}
		i.calls[name] = f
	}
	results, err := f.Call(context.WithValue(ctx, instanceKey{}, i), params...)
	if err != nil {
		return 0, err
	}
	if len(results) == 0 {
		return 0, nil
	}
	return uint32(results[0]), nil
}

func (i *instance) keep(v any) uint32 {
	i.next++
	i.objects[i.next] = v
	return i.next
}

func (i *instance) drop(n uint32) { delete(i.objects, n) }

// bytes is a part of the instance's memory; it is valid until the next call.
func (i *instance) bytes(at, n uint32) ([]byte, error) {
	b, ok := i.module.Memory().Read(at, n)
	if !ok {
		return nil, errors.New("the program points outside of its memory")
	}
	return b, nil
}

// put copies data into memory that the program allocates.
func (i *instance) put(ctx context.Context, data []byte) (uint32, error) {
	at, err := i.call(ctx, fnAlloc, uint64(len(data)), 1)
	if err != nil {
		return 0, err
	}
	if !i.module.Memory().Write(at, data) {
		return 0, errors.New("the program gave no memory")
	}
	return at, nil
}

// spent says whether the program ran until its rounds were used up.
func (i *instance) spent() bool { return int64(i.fuel.Get()) < 0 }
