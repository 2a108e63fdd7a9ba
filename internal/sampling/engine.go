// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package sampling

import (
	"context"
	"errors"
	"math/bits"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// TickInterval is how often the engine looks whether something is to be decided; for want of memory, ten times as often.
const (
	TickInterval      = 100 * time.Millisecond
	leastTickInterval = TickInterval / 10
)

// settleBudgetsEvery is how long traces are gathered before budgets are spent on them.
const settleBudgetsEvery = int64(time.Second)

// The errors of Consume. Both mean that the sender should try again.
var (
	ErrFull   = errors.New("memory_limit is reached: the spans held cannot be decided or handed on fast enough")
	ErrClosed = errors.New("the sampler is shutting down")
)

// Engine holds traces until they are decided. See the package documentation for how its parts fit.
type Engine struct {
	set     Settings
	program *Program
	timing  timing
	count   *counters
	intakes sync.Pool
	shards  []*shard
	queue   *queue

	// gate lets Shutdown wait for the calls of Consume that are under way.
	gate   sync.RWMutex
	closed bool
	// overloaded has new traces decided on their first batch.
	overloaded atomic.Bool
	// kick asks for a tick before its time.
	kick chan struct{}

	// ticking guards what only ticks use.
	ticking     sync.Mutex
	waiting     []candidate
	settled     int64
	compressor  compressor
	stop        context.CancelFunc
	ticker      sync.WaitGroup
	senders     sync.WaitGroup
	stopSending context.CancelFunc
}

// New makes an engine; Start sets it to work.
func New(set Settings) *Engine {
	if set.Clock == nil {
		set.Clock = systemClock{time.Now()}
	}
	e := &Engine{
		set: set, program: set.Program, count: newCounters(len(set.Program.policies)),
		timing: timing{int64(set.Settle), int64(set.Idle), int64(set.MaxAge)},
		queue:  newQueue(), kick: make(chan struct{}, 1),
	}
	e.intakes.New = func() any { return newIntake(&e.set) }
	n := 1 << bits.Len(uint(4*runtime.GOMAXPROCS(0)-1))
	for range min(n, 64) {
		e.shards = append(e.shards, newShard(e, set.DecisionsMemory/int64(min(n, 64))))
	}
	return e
}

// Start begins to hand spans on and, if ticks is set, to tick by the system's clock. Otherwise the caller ticks.
func (e *Engine) Start(ticks bool) {
	sending, stopSending := context.WithCancel(context.Background())
	e.stopSending = stopSending
	for range e.set.Senders {
		e.senders.Add(1)
		go func() {
			defer e.senders.Done()
			newSender(e).send(sending)
		}()
	}
	if !ticks {
		return
	}
	ticking, stop := context.WithCancel(context.Background())
	e.stop = stop
	e.ticker.Add(1)
	go func() {
		defer e.ticker.Done()
		e.run(ticking)
	}()
}

func (e *Engine) run(ctx context.Context) {
	ticker := time.NewTicker(TickInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			e.Tick()
		case <-e.kick:
			e.Tick()
			pause(ctx, leastTickInterval)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (e *Engine) now() int64 { return e.set.Clock.Now().UnixNano() }

func (e *Engine) shardOf(id pcommon.TraceID) *shard {
	return e.shards[mix(id)>>58&uint64(len(e.shards)-1)]
}

// Consume takes the spans out of td, or, if it returns an error, leaves it alone.
func (e *Engine) Consume(td ptrace.Traces) error {
	n := int64(td.SpanCount())
	e.gate.RLock()
	defer e.gate.RUnlock()
	e.count.received.Add(n)
	if err := e.admit(); err != nil {
		e.count.refused.Add(n)
		return err
	}
	in := e.intakes.Get().(*intake)
	in.sparing = float64(e.count.heldBytes()) >= e.set.SpareAbove*float64(e.set.MemoryLimit)
	in.read(td)
	now := e.now()
	for i := range in.arrivals {
		a := &in.arrivals[i]
		s := e.shardOf(a.id)
		if in.large {
			in.stow(a, s, now)
		}
		s.arrive(in, a, now)
	}
	in.reset()
	e.intakes.Put(in)
	return nil
}

func (e *Engine) admit() error {
	if e.closed {
		return ErrClosed
	}
	held := float64(e.count.heldBytes())
	limit := float64(e.set.MemoryLimit)
	if held > decideAbove*limit {
		if held > overload*limit {
			e.overloaded.Store(true)
		}
		e.hurry()
	}
	if held >= limit {
		return ErrFull
	}
	return nil
}

func (e *Engine) hurry() {
	select {
	case e.kick <- struct{}{}:
	default:
	}
}

// Stats is a snapshot of the counters.
func (e *Engine) Stats() Stats { return e.count.snapshot(e.program) }

// Thresholds calls f for every threshold in seconds that a policy has learnt.
func (e *Engine) Thresholds(f func(kind Kind, seconds float64)) {
	for _, t := range e.program.percentiles {
		t.each(f)
	}
}

// Shutdown takes in nothing more, decides everything held, oldest first, and hands on what is kept, for as long as
// ctx lasts. It may be called more than once, and without Start.
func (e *Engine) Shutdown(ctx context.Context) {
	e.gate.Lock()
	wasClosed := e.closed
	e.closed = true
	e.gate.Unlock()
	if wasClosed || e.stopSending == nil {
		return
	}
	if e.stop != nil {
		e.stop()
		e.ticker.Wait()
	}
	e.decideAll(ByShutdown)
	e.queue.close()
	done := make(chan struct{})
	go func() {
		e.senders.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	e.stopSending()
	<-done
}
