// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pricing

import (
	"context"
	"crypto/sha256"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long files must be quiet after a change before they are read: editors and downloads write in several steps.
const settle = 100 * time.Millisecond

// Store holds the current table of some price files and replaces it when they change.
type Store struct {
	files   []string
	current atomic.Pointer[Table]

	mu   sync.Mutex
	seen [sha256.Size]byte // the contents that were last tried
}

// Open loads price files.
func Open(files ...string) (*Store, error) {
	s := &Store{files: slices.Clone(files)}
	s.seen = s.fingerprint()
	t, err := Load(files...)
	if err != nil {
		return nil, err
	}
	s.current.Store(t)
	return s, nil
}

// Table is the current table.
func (s *Store) Table() *Table { return s.current.Load() }

// Watch reloads the files when they change, until ctx ends. It is told of changes by the file system and looks for itself at every
// interval, for file systems that do not tell. After each change report gets the error, or nil if the new table is in use; a broken
// version leaves the last good table in place and is reported once.
func (s *Store) Watch(ctx context.Context, interval time.Duration, report func(error)) {
	if len(s.files) == 0 {
		<-ctx.Done()
		return
	}
	events, stop := s.notifications()
	defer stop()
	poll := time.NewTicker(interval)
	defer poll.Stop()
	quiet := time.NewTimer(settle)
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-events:
			if s.concerns(event.Name) {
				quiet.Reset(settle)
			}
		case <-quiet.C:
			s.refresh(report)
		case <-poll.C:
			s.refresh(report)
		}
	}
}

// notifications watches the folders of the files: a file that is replaced, as Kubernetes and editors do, is another file. Without
// them, for lack of inotify watches, polling remains.
func (s *Store) notifications() (events <-chan fsnotify.Event, stop func()) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, func() {}
	}
	for _, file := range s.files {
		_ = watcher.Add(filepath.Dir(file)) // polling finds what this does not
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range watcher.Errors {
		}
	}()
	return watcher.Events, func() {
		_ = watcher.Close()
		<-done
	}
}

// concerns tells whether a change of a name in one of the folders may be one of the files. ..data is the link that Kubernetes turns when
// it replaces a mounted ConfigMap.
func (s *Store) concerns(name string) bool {
	return filepath.Base(name) == "..data" || slices.ContainsFunc(s.files, func(file string) bool {
		return filepath.Clean(file) == filepath.Clean(name)
	})
}

// refresh loads the files if their contents differ from those tried last.
func (s *Store) refresh(report func(error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.fingerprint()
	if now == s.seen {
		return
	}
	s.seen = now
	t, err := Load(s.files...)
	if err == nil {
		s.current.Store(t)
	}
	report(err)
}

func (s *Store) fingerprint() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, file := range s.files {
		data, err := readFile(file)
		if err != nil {
			data = []byte(err.Error())
		}
		one := sha256.Sum256(data)
		h.Write(one[:])
	}
	h.Sum(sum[:0])
	return sum
}
