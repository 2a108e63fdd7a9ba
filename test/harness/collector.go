// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Patience is how long the harness waits for any one condition before it gives up.
const Patience = 30 * time.Second

var errEnded = errors.New("the process is gone")

// Options say what to run.
type Options struct {
	// Configs are the texts of configurations, merged in their order.
	Configs []string
	// Dir is the working directory; the file exporters write below it.
	Dir string
	// Env is added to the environment, each entry as KEY=value.
	Env []string
	// Args are further command line arguments, such as --set or --feature-gates.
	Args []string
}

// Collector is a running llmcol process.
type Collector struct {
	// Dir is the working directory.
	Dir string
	// GRPC and HTTP are the addresses (host:port) of the first OTLP receiver, Metrics that of the
	// collector's own telemetry, Prometheus that of the prometheus exporter, Health that of health_check.
	GRPC, HTTP, Metrics, Prometheus, Health string

	logs   *logBuffer
	cmd    *exec.Cmd
	exited chan struct{}
	err    error
	conn   *grpc.ClientConn
}

// Run starts a collector and returns when it is ready to take data.
func Run(ctx context.Context, o Options) (*Collector, error) {
	binary, err := Binary()
	if err != nil {
		return nil, err
	}
	free, err := freeAddresses(3)
	if err != nil {
		return nil, err
	}
	c := &Collector{
		Dir: o.Dir, Metrics: free[0], Prometheus: free[1], Health: free[2],
		logs: newLogBuffer(), exited: make(chan struct{}),
	}
	args, err := writeConfigs(o.Dir, append(o.Configs[:len(o.Configs):len(o.Configs)], onFreePorts(free[0], free[1], free[2])))
	if err != nil {
		return nil, err
	}
	c.cmd = commandWithoutInterrupt(binary, append(args, o.Args...)...)
	c.cmd.Dir = o.Dir
	c.cmd.Env = append(os.Environ(), o.Env...)
	c.cmd.Stdout, c.cmd.Stderr = c.logs, c.logs
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.exited)
	}()
	if err := c.awaitReady(ctx); err != nil {
		c.Kill()
		return nil, fmt.Errorf("%w\n%s", err, c.Logs())
	}
	return c, nil
}

// writeConfigs puts each text into a file of its own and returns the arguments that name them.
func writeConfigs(dir string, texts []string) ([]string, error) {
	var args []string
	for i, text := range texts {
		path := filepath.Join(dir, fmt.Sprintf("config-%d.yaml", i))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return nil, err
		}
		args = append(args, "--config", path)
	}
	return args, nil
}

// awaitReady waits for the service's word that every component has started, then learns the OTLP ports.
func (c *Collector) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, Patience)
	defer cancel()
	select {
	case <-c.logs.ready:
	case <-c.exited:
		return fmt.Errorf("llmcol ended before it was ready: %w", errors.Join(errEnded, c.err))
	case <-ctx.Done():
		return fmt.Errorf("llmcol is not ready after %s: %w", Patience, ctx.Err())
	}
	c.GRPC, c.HTTP = c.logs.endpoint("Starting GRPC server"), c.logs.endpoint("Starting HTTP server")
	if err := awaitSignals(ctx, c.Pid()); err != nil {
		return err
	}
	var err error
	c.conn, err = grpc.NewClient(c.GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return err
}

// Stop sends SIGTERM and waits until the process has drained. It returns an error where the process does
// not end by itself, ends with an error, or ends without having shut down every component.
func (c *Collector) Stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("SIGTERM: %w", err)
	}
	select {
	case <-c.exited:
	case <-time.After(2 * Patience):
		c.Kill()
		return fmt.Errorf("llmcol still ran %s after SIGTERM", 2*Patience)
	}
	if c.err != nil {
		return fmt.Errorf("llmcol ended with an error after SIGTERM: %w", c.err)
	}
	if !c.logs.contains("Shutdown complete.") {
		return errors.New("llmcol ended after SIGTERM without having shut down completely")
	}
	return nil
}

// Kill ends the process at once, as a crash or the kernel's out-of-memory killer would.
func (c *Collector) Kill() {
	_ = c.cmd.Process.Kill() // it fails only where the process has ended already
	<-c.exited
	if c.conn != nil {
		_ = c.conn.Close() // a second Kill finds it closed
	}
}

// Running tells whether the process is still alive.
func (c *Collector) Running() bool {
	select {
	case <-c.exited:
		return false
	default:
		return true
	}
}

// Pid is the process id, for measuring.
func (c *Collector) Pid() int { return c.cmd.Process.Pid }

// Logs is everything the process has printed so far.
func (c *Collector) Logs() string { return c.logs.String() }

// CPUTime is what the process used from its start to its end; it is known once the process has ended.
func (c *Collector) CPUTime() time.Duration {
	<-c.exited
	return c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime()
}
