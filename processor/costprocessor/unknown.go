// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"
)

const (
	reportEvery      = time.Minute
	maxUnknown       = 256 // different models that are counted apart between two reports
	reportedUnknown  = 10
	maxReportedBytes = 80
)

// unknownModels counts models that the table does not have, and names the most frequent ones in the log, at most once a minute.
type unknownModels struct {
	logger *zap.Logger
	now    func() time.Time

	mu       sync.Mutex
	counts   map[string]int
	others   int
	reported time.Time
}

func newUnknownModels(logger *zap.Logger) *unknownModels {
	return &unknownModels{logger: logger, now: time.Now, counts: map[string]int{}}
}

func (u *unknownModels) count(provider, model string) {
	name := provider + "/" + model
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, known := u.counts[name]; known || len(u.counts) < maxUnknown && len(name) <= maxReportedBytes {
		u.counts[strings.Clone(name)]++
	} else {
		u.others++
	}
	u.report()
}

// watch reports what is left over until ctx ends, and then the rest.
func (u *unknownModels) watch(ctx context.Context) {
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			u.mu.Lock()
			u.report()
			u.mu.Unlock()
		}
	}
}

// report logs the counts if there are any and a minute has passed; it is called with the lock held.
func (u *unknownModels) report() {
	now := u.now()
	if len(u.counts)+u.others == 0 || now.Sub(u.reported) < reportEvery {
		return
	}
	u.reported = now
	names := make([]string, 0, len(u.counts))
	for name := range u.counts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(u.counts[b], u.counts[a]), cmp.Compare(a, b))
	})
	most := names[:min(len(names), reportedUnknown)]
	for i, name := range most {
		most[i] = fmt.Sprintf("%s (%d)", name, u.counts[name])
	}
	u.logger.Warn("Calls of models that the price table does not have: add them, or aliases for them, to a file in prices",
		zap.Strings("most_frequent", most), zap.Int("models", len(names)), zap.Int("other_calls", u.others))
	clear(u.counts)
	u.others = 0
}
