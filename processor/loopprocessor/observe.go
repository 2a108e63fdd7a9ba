// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loopprocessor

import (
	"github.com/llmcol/llmcol/internal/genai"
	"github.com/llmcol/llmcol/internal/loop"
)

// call reads a tool call, or how one ended.
func (w *worker) call(view *genai.View) {
	c := &w.seen.Call
	c.Tool, c.ID = view.ToolName(), view.ToolCallID()
	if args, known := view.ToolArguments(); known && !genai.IsMasked(args.Text) {
		c.Args = w.fingerprints.Call(c.Tool, args.Text)
	} else {
		c.Args, c.NoArgs = w.fingerprints.CallWithoutArgs(c.Tool), true
	}
	result, known := view.ToolResult()
	known = known && !genai.IsMasked(result.Text)
	switch failure := view.Failure(); {
	case failure.Sign == genai.NoFailure && known:
		c.Outcome = w.fingerprints.Result(result.Text)
	case failure.Sign == genai.NoFailure:
	case failure.Type == "" && failure.Message == "" && known:
		c.Outcome = w.fingerprints.Result(result.Text)
		c.Outcome.Failed = true
	default:
		c.Outcome = w.fingerprints.Failure(failure.Type, failure.Message)
	}
}

// model reads what a model call used, and what two of them can be compared by. It reports false if another span tells the same call.
func (w *worker) model(view *genai.View) (first bool) {
	if prompt, answer, known := view.Exchange(); known && view.Operation() != genai.OpEmbeddings {
		w.seen.Exchange = loop.Both(w.fingerprints.Text(prompt), w.fingerprints.Text(answer))
	}
	if view.IsCountedElsewhere() {
		return false
	}
	usage := view.Usage()
	w.seen.Usage.Tokens = usage.Input + usage.Output
	if w.seen.Usage.Tokens == 0 {
		w.seen.Usage.Tokens = usage.Total
	}
	w.seen.Usage.Cost, _ = view.Cost()
	return true
}

func (w *worker) excerpt(e genai.Excerpt) loop.Hash {
	return w.fingerprints.Excerpt(e.Length, e.Head, e.Tail)
}

// messages reads what the messages of a model call say. Tool calls are looked for in them only where the scope sends no tool spans. Of two
// spans of one call often only one has content, and not always the one that counts (first): calls that both tell are known by their ids.
func (w *worker) messages(view *genai.View, first bool) {
	if turn, is := view.UserTurn(); is {
		w.seen.UserTurn = w.excerpt(turn)
		if w.seen.Role == loop.Message { // the user has said it anew, even if it is the same
			w.seen.UserTurn = loop.Both(w.seen.UserTurn, w.fingerprints.Excerpt(int(w.seen.Start), "", ""))
		}
	}
	if !w.engine.SearchMessages(w.seen.Service, w.seen.Scope) {
		if view.SiblingCalls(&w.talk) {
			for i := range w.talk.Calls {
				w.seen.Together = append(w.seen.Together, w.talk.Calls[i].ID)
			}
		}
		return
	}
	if !view.ToolTalk(&w.talk) {
		return
	}
	if o := &w.seen; o.Role == loop.Model && o.Record == 0 && o.Parent.IsZero() && o.Session == "" && o.RunKey == "" {
		w.thread(view)
	}
	for i := range w.talk.Calls {
		part := &w.talk.Calls[i]
		if !first && part.ID == "" {
			continue
		}
		c := loop.Call{Tool: part.Name, ID: part.ID, Args: w.fingerprints.Call(part.Name, part.Arguments)}
		if part.Arguments == "" || genai.IsMasked(part.Arguments) {
			c.Args, c.NoArgs = w.fingerprints.CallWithoutArgs(part.Name), true
		}
		w.seen.Calls = append(w.seen.Calls, c)
	}
	for i := range w.talk.Results {
		part := &w.talk.Results[i]
		if genai.IsMasked(part.Response) {
			continue
		}
		outcome := w.fingerprints.Result(part.Response)
		outcome.Failed = part.Failed
		w.seen.Results = append(w.seen.Results, loop.Result{ID: part.ID, Outcome: outcome})
	}
}

// thread takes a conversation for the session of a model call that is a trace by itself and names none: an instrumented SDK in a program
// without spans of its own.
func (w *worker) thread(view *genai.View) {
	opening, firstCall, begins := view.Thread(&w.talk)
	if opening == "" && firstCall == "" {
		return
	}
	w.seen.Session = "thread:" + w.fingerprints.Text(opening).String() + firstCall
	if !begins {
		return
	}
	w.seen.UserTurn = w.fingerprints.Excerpt(int(w.seen.Start), "", "") // somebody may ask the same again
	if firstCall == "" {
		w.talk.Calls = w.talk.Calls[:0] // many may begin so at once, and call no tool again
	}
}
