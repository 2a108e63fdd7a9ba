// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// longestAcknowledgement in bytes: what is longer says something.
const longestAcknowledgement = 80

// acknowledgements are the words of results that say no more than that it was done; those that are true say so by themselves.
var acknowledgements = map[string]bool{
	"ok": true, "okay": true, "done": true, "success": true, "successful": true, "successfully": true, "succeeded": true, "true": true, "accepted": true,
	"saved": true, "written": true, "wrote": true, "created": true, "updated": true, "deleted": true, "removed": true, "inserted": true, "added": true,
	"stored": true, "sent": true, "completed": true, "applied": true,
	"status": false, "result": false, "message": false, "output": false, "content": false, "type": false, "text": false, "id": false, "the": false, "has": false,
	"been": false, "was": false, "is": false, "file": false, "record": false, "row": false, "item": false, "entry": false, "email": false, "changes": false,
}

var acknowledgementSieve = sieveOf(acknowledgements)

// longestMark is more than an id or a time with its quotes takes.
const longestMark = 64

// gist is what a short result comes to.
type gist uint8

const (
	speaks       gist = iota
	acknowledges      // it only says that it was done: whoever writes ten files hears ten times "ok"
	marks             // it is nothing but ids, times and durations: what a clock or a generator of ids says is all in them
)

func gistOf(text string) gist {
	if len(text) > longestAcknowledgement {
		return speaks
	}
	done, words, marked := false, false, false
	for i := 0; i < len(text); {
		if wordBytes[text[i]] == 0 {
			i++
			continue
		}
		start := i
		var changes bool
		if i, changes = changing(text, i); changes {
			marked = true
			continue
		}
		says, known := findIn(acknowledgements, &acknowledgementSieve, text[start:i])
		if !known {
			return speaks
		}
		words, done = true, done || says
	}
	switch {
	case done:
		return acknowledges
	case marked && !words && len(text) <= longestMark:
		return marks
	default:
		return speaks
	}
}
