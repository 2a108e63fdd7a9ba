// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/llmcol/llmcol/test/harness"
)

const imageUser = 10001

// instruction is one line of the Dockerfile: its name in capitals and its arguments.
type instruction struct {
	name string
	args []string
}

func dockerfile(t *testing.T) []instruction {
	t.Helper()
	var instructions []instruction
	for line := range strings.Lines(harness.Config(t, "Dockerfile")) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		require.False(t, strings.HasSuffix(line, `\`), "this test reads no continued lines: %s", line)
		name, rest, _ := strings.Cut(line, " ")
		args := strings.Fields(rest)
		if strings.HasPrefix(rest, "[") {
			args = nil
			require.NoError(t, json.Unmarshal([]byte(rest), &args), line)
		}
		instructions = append(instructions, instruction{strings.ToUpper(name), args})
	}
	return instructions
}

// arguments are those of every instruction of the name, in their order.
func arguments(instructions []instruction, name string) []string {
	var args []string
	for _, i := range instructions {
		if i.name == name {
			args = append(args, i.args...)
		}
	}
	return args
}

func TestImageIsWhatItsUsersExpect(t *testing.T) {
	d := dockerfile(t)
	assert.Equal(t, []string{"scratch"}, arguments(d, "FROM"))
	assert.Equal(t, []string{"10001:10001"}, arguments(d, "USER"))
	assert.Equal(t, []string{"LLMCOL_LISTEN=0.0.0.0"}, arguments(d, "ENV"))
	assert.Equal(t, []string{"/llmcol"}, arguments(d, "ENTRYPOINT"))
	assert.Equal(t, []string{"--config", "/etc/llmcol/config.yaml"}, arguments(d, "CMD"))
	assert.Subset(t, arguments(d, "EXPOSE"), []string{"4317", "4318", "8888", "8889", "13133"})
	assert.Empty(t, arguments(d, "RUN"), "an empty base has no shell")
}

// TestImageRuns builds the file tree that the Dockerfile describes and runs its command in it, as its user,
// without an engine. What an engine would add and this does not have is /proc.
func TestImageRuns(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("needs root, for chroot")
	}
	d := dockerfile(t)
	tree := imageTree(t, d)
	const listen = "127.77.0.1" // the image's ports, on a loopback address of the test's own
	command := append(arguments(d, "ENTRYPOINT"), arguments(d, "CMD")...)
	command = append(command, "--config", "yaml:processors::memory_limiter::limit_mib: 512") // a share of the total needs /proc
	image := exec.Command(command[0], command[1:]...)
	image.Dir = arguments(d, "WORKDIR")[0]
	image.Env = []string{"LLMCOL_LISTEN=" + listen}
	image.SysProcAttr = &syscall.SysProcAttr{
		Chroot:     tree,
		Credential: &syscall.Credential{Uid: imageUser, Gid: imageUser},
	}
	var log bytes.Buffer
	image.Stdout, image.Stderr = &log, &log
	err := image.Start()
	if errors.Is(err, syscall.EPERM) {
		t.Skip("root may not chroot here: ", err)
	}
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() { ended <- image.Wait() }()

	serves := func(port int, path string) bool {
		response, err := http.Get(fmt.Sprintf("http://%s:%d%s", listen, port, path))
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	}
	ready := assert.Eventually(t, func() bool { return serves(13133, "/") }, harness.Patience, tick)
	if ready {
		assert.True(t, serves(8888, "/metrics"), "own metrics")
		assert.True(t, serves(8889, "/metrics"), "metrics passed on")
		response, err := http.Post("http://"+listen+":4318/v1/traces", "application/json", strings.NewReader(oneSpanJSON))
		require.NoError(t, err)
		response.Body.Close()
		assert.Equal(t, http.StatusOK, response.StatusCode)
	}
	require.NoError(t, image.Process.Signal(syscall.SIGTERM))
	require.NoError(t, <-ended, "%s", &log)
	require.True(t, ready, "%s", &log)

	written := filepath.Join(tree, "var/lib/llmcol/data/traces.jsonl")
	data, err := os.ReadFile(written)
	require.NoError(t, err)
	assert.Contains(t, string(data), "a span to the image")
	info, err := os.Stat(written)
	require.NoError(t, err)
	assert.EqualValues(t, imageUser, info.Sys().(*syscall.Stat_t).Uid)
}

const oneSpanJSON = `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0102030405060708090a0b0c0d0e0f10",` +
	`"spanId":"0102030405060708","name":"a span to the image"}]}]}]}`

// imageTree carries out the Dockerfile's COPY instructions.
func imageTree(t *testing.T, instructions []instruction) string {
	t.Helper()
	root, err := harness.Root()
	require.NoError(t, err)
	binary, err := harness.Binary()
	require.NoError(t, err)
	tree := t.TempDir()
	// t.TempDir is closed to other users on the way down.
	for dir := tree; strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	for _, i := range instructions {
		if i.name != "COPY" {
			continue
		}
		paths, owner := i.args, 0
		if paths[0] == "--chown=10001:10001" {
			paths, owner = paths[1:], imageUser
		}
		require.Len(t, paths, 2, "COPY has options that this test does not know: %v", i.args)
		to := filepath.Join(tree, paths[1])
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
		switch from := paths[0]; from {
		case "bin/image/llmcol":
			copyFile(t, binary, to, 0o755)
		case "bin/image/state": // make image-tree leaves it empty
			require.NoError(t, os.Mkdir(to, 0o755))
		default:
			copyFile(t, filepath.Join(root, from), to, 0o644)
		}
		require.NoError(t, os.Chown(to, owner, owner))
	}
	return tree
}

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	source, err := os.Open(from)
	require.NoError(t, err)
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	require.NoError(t, err)
	_, err = io.Copy(target, source)
	require.NoError(t, err)
	require.NoError(t, target.Close())
}
