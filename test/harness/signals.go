// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The service says that it is ready just before the process begins to listen to signals, and a SIGTERM in between
// ends it undrained. So the process is started with SIGINT ignored, which Go keeps until somebody asks for that
// signal: once the kernel says that SIGINT is caught, SIGTERM is, too.

// commandWithoutInterrupt is a command that starts with SIGINT ignored.
func commandWithoutInterrupt(path string, args ...string) *exec.Cmd {
	return exec.Command("/bin/sh", append([]string{"-c", `trap "" INT; exec "$0" "$@"`, path}, args...)...)
}

// awaitSignals waits until the process catches SIGINT. Where there is no /proc it cannot tell and returns at once.
func awaitSignals(ctx context.Context, pid int) error {
	for {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil || caught(string(status), syscall.SIGINT) {
			return nil //nolint:nilerr // there is no /proc, or the process is gone: Stop will tell
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("llmcol does not listen to signals: %w", ctx.Err())
		case <-time.After(time.Millisecond):
		}
	}
}

// caught reads the line SigCgt of proc(5), a mask of signals in hex.
func caught(status string, signal syscall.Signal) bool {
	_, rest, _ := strings.Cut(status, "\nSigCgt:")
	line, _, _ := strings.Cut(rest, "\n")
	mask, err := strconv.ParseUint(strings.TrimSpace(line), 16, 64)
	return err == nil && mask&(1<<(signal-1)) != 0
}
