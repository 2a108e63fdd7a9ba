// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "testing"

func TestOpenAIMessages(t *testing.T) {
	checkShapes(t, []shape{
		{"chat", RoleInputMessages,
			`[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"},{"role":"assistant","content":null,"refusal":null,"annotations":[],"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get","arguments":"{\"id\":1}"}}]},{"role":"tool","tool_call_id":"call_1","content":"{\"ok\":true}"}]`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"call_1","name":"get","arguments":{"id":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"{\"ok\":true}"}]}]`,
			true},
		{"content parts", RoleInputMessages,
			`[{"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"https://x.example/a.png"}},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"input_audio","input_audio":{"data":"BBBB","format":"wav"}},{"type":"file","file":{"file_id":"file-1"}}]}]`,
			`[{"role":"user","parts":[{"type":"text","content":"What is this?"},{"type":"uri","modality":"image","uri":"https://x.example/a.png"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"},{"type":"blob","modality":"audio","mime_type":"audio/wav","content":"BBBB"},{"type":"file","file_id":"file-1"}]}]`,
			true},
		{"developer, function role, function_call", RoleInputMessages,
			`[{"role":"developer","content":"D"},{"role":"assistant","content":"","function_call":{"name":"f","arguments":"{}"}},{"role":"function","name":"f","content":"7"}]`,
			`[{"role":"system","parts":[{"type":"text","content":"D"}]},{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{}}]},{"role":"tool","parts":[{"type":"tool_call_response","name":"f","response":"7"}]}]`,
			true},
		{"refusal and reasoning", RoleOutputMessages,
			`{"role":"assistant","content":null,"refusal":"No.","reasoning_content":"hm"}`,
			`[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"No."}]}]`,
			true},
		{"whole request", RoleRawInput,
			`{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hi"}],"temperature":0.2}`,
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`,
			false},
		{"whole response", RoleRawOutput,
			`{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"A"},"logprobs":null,"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":53}}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"A"}],"finish_reason":"stop"},{"role":"assistant","parts":[{"type":"tool_call","id":"t","name":"f","arguments":{"a":1}}],"finish_reason":"tool_call"}]`,
			false},
		{"completions", RoleRawOutput,
			`{"choices":[{"text":"once","index":0,"finish_reason":"length","logprobs":null}]}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"once"}],"finish_reason":"length"}]`,
			true},
		{"completions request", RoleRawInput,
			`{"model":"m","prompt":["a","b"]}`,
			`[{"role":"user","parts":[{"type":"text","content":"a"}]},{"role":"user","parts":[{"type":"text","content":"b"}]}]`,
			false},
		{"tool calls without a literal word", RoleCompletionText,
			`[{"arguments": "{\"order_id\":\"A-1001\"}", "name": "get_order_status"}]`,
			`[{"role":"assistant","parts":[{"type":"tool_call","name":"get_order_status","arguments":{"order_id":"A-1001"}}]}]`,
			true},
		{"arguments that are no JSON", RoleOutputMessages,
			`[{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"a\":"}}]}]`,
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":"{\"a\":"}]}]`,
			true},
		{"empty message", RoleInputMessages,
			`[{"role":"user","content":"x"},{"role":"assistant","content":null}]`,
			`[{"role":"user","parts":[{"type":"text","content":"x"}]},{"role":"assistant","parts":[]}]`,
			false},
		{"unknown part", RoleInputMessages,
			`[{"role":"user","content":[{"type":"hologram","depth":3}]}]`,
			`[{"role":"user","parts":[{"type":"hologram","depth":3}]}]`,
			true},
		{"unknown member", RoleInputMessages,
			`[{"role":"user","content":"x","mood":"bad"}]`,
			`[{"role":"user","parts":[{"type":"text","content":"x"}]}]`,
			false},
	})
}

func TestOpenAIResponses(t *testing.T) {
	checkShapes(t, []shape{
		{"request with text", RoleRawInput,
			`{"model":"gpt-4o","input":"Hi","instructions":"Be kind."}`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`,
			false},
		{"request with items", RoleRawInput,
			`{"input":[{"role":"user","content":[{"type":"input_text","text":"Hi"},{"type":"input_image","image_url":"https://x.example/a.png"}]},{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"thought"}]},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{\"a\":1}"},{"type":"function_call_output","call_id":"call_1","output":"7"}]}`,
			`[{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"uri","modality":"image","uri":"https://x.example/a.png"}]},{"role":"assistant","parts":[{"type":"reasoning","content":"thought"},{"type":"tool_call","id":"call_1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"7"}]}]`,
			true},
		{"response", RoleRawOutput,
			`{"id":"resp_1","object":"response","status":"completed","output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"thought"}]},{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[]}]},{"type":"function_call","id":"fc_1","call_id":"call_1","name":"f","arguments":"{}","status":"completed"}]}`,
			`[{"role":"assistant","parts":[{"type":"reasoning","content":"thought"},{"type":"text","content":"Hello"},{"type":"tool_call","id":"call_1","name":"f","arguments":{}}]}]`,
			true},
		{"items alone", RoleOutputMessages,
			`[{"id":"msg_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}]`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]`,
			true},
	})
}
