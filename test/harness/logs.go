// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

const readyMessage = "Everything is ready. Begin running and processing data."

var endpointField = regexp.MustCompile(`"endpoint": ?"([^"]+)"`)

// logBuffer keeps what a process prints and notices when it says that it is ready.
type logBuffer struct {
	ready chan struct{}

	mu   sync.Mutex
	text bytes.Buffer
	said bool
}

func newLogBuffer() *logBuffer { return &logBuffer{ready: make(chan struct{})} }

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	if !l.said && bytes.Contains(l.text.Bytes(), []byte(readyMessage)) {
		l.said = true
		close(l.ready)
	}
	return len(p), nil
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logBuffer) contains(s string) bool { return strings.Contains(l.String(), s) }

// endpoint is the endpoint field of the first line that has the message, or empty.
func (l *logBuffer) endpoint(message string) string {
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, message) {
			if m := endpointField.FindStringSubmatch(line); m != nil {
				return m[1]
			}
		}
	}
	return ""
}
