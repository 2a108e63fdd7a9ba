// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "testing"

func TestAnthropicMessages(t *testing.T) {
	checkShapes(t, []shape{
		{"request", RoleRawInput,
			`{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"ok"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":true,"content":[{"type":"text","text":"broken"}]}]}],"system":"Be kind."}`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"ok"},{"type":"tool_call","id":"toolu_1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"toolu_1","response":"broken","is_error":true}]}]`,
			true},
		{"system blocks and image", RoleRawInput,
			`{"system":[{"type":"text","text":"A"},{"type":"text","text":"B"}],"messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QQ=="}},{"type":"document","source":{"type":"url","url":"https://x.example/a.pdf"}}]}]}`,
			`[{"role":"system","parts":[{"type":"text","content":"A"},{"type":"text","content":"B"}]},{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/jpeg","content":"QQ=="},{"type":"uri","modality":"document","uri":"https://x.example/a.pdf"}]}]`,
			true},
		{"response", RoleRawOutput,
			`{"id":"msg_1","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]`,
			false},
	})
}

func TestGeminiMessages(t *testing.T) {
	checkShapes(t, []shape{
		{"request", RoleRawInput,
			`{"contents":[{"role":"user","parts":[{"text":"Hi"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},{"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1}}}]},{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"result":7}}}]}],"systemInstruction":{"parts":[{"text":"Be kind."}]}}`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"}]},{"role":"assistant","parts":[{"type":"tool_call","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","name":"f","response":{"result":7}}]}]`,
			true},
		{"response", RoleRawOutput,
			`{"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"Hello"}]},"finishReason":"STOP","index":0}]}`,
			`[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Hello"}],"finish_reason":"stop"}]`,
			true},
		{"python with nulls", RoleRawOutput,
			`{"candidates":[{"content":{"parts":[{"video_metadata":null,"thought":null,"inline_data":null,"function_call":null,"text":"Hello"}],"role":"model"},"finish_reason":"MAX_TOKENS","citation_metadata":null}],"usage_metadata":null}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"length"}]`,
			true},
		{"parts alone, as gemini-cli sends", RoleSystem,
			`[{"text":"Be kind."},{"text":"Be brief."}]`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."},{"type":"text","content":"Be brief."}]}]`,
			true},
		{"code execution", RoleOutputMessages,
			`[{"role":"model","parts":[{"executableCode":{"language":"PYTHON","code":"1"}}]}]`,
			`[{"role":"assistant","parts":[{"type":"executableCode","executableCode":{"language":"PYTHON","code":"1"}}]}]`,
			true},
		{"ADK request", RoleRawInput,
			`{"model":"gemini-2.5-flash","config":{"system_instruction":"Be kind.","tools":[{"x":1}]},"contents":[{"parts":[{"text":"Hi"}],"role":"user"}]}`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`,
			false},
		{"ADK response", RoleRawOutput,
			`{"content":{"parts":[{"function_call":{"id":"adk-1","args":{"a":1},"name":"f"}}],"role":"model"},"finish_reason":"STOP"}`,
			`[{"role":"assistant","parts":[{"type":"tool_call","id":"adk-1","name":"f","arguments":{"a":1}}],"finish_reason":"stop"}]`,
			true},
	})
}

func TestBedrockMessages(t *testing.T) {
	checkShapes(t, []shape{
		{"request", RoleRawInput,
			`{"modelId":"m","system":[{"text":"Be kind."}],"messages":[{"role":"user","content":[{"text":"Hi"},{"image":{"format":"png","source":{"bytes":"AAAA"}}}]},{"role":"assistant","content":[{"toolUse":{"toolUseId":"t1","name":"f","input":{"a":1}}}]},{"role":"user","content":[{"toolResult":{"toolUseId":"t1","content":[{"json":{"b":2}}],"status":"error"}}]}]}`,
			`[{"role":"system","parts":[{"type":"text","content":"Be kind."}]},{"role":"user","parts":[{"type":"text","content":"Hi"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"t1","name":"f","arguments":{"a":1}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"t1","response":{"b":2},"is_error":true}]}]`,
			false},
		{"response", RoleRawOutput,
			`{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm"}}},{"text":"Hello"}]}},"stopReason":"end_turn"}`,
			`[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Hello"}],"finish_reason":"stop"}]`,
			true},
		{"Ollama", RoleRawOutput,
			`{"message":{"role":"assistant","content":"Hello","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done_reason":"stop"}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"},{"type":"tool_call","name":"f","arguments":{"a":1}}],"finish_reason":"stop"}]`,
			true},
		{"Ollama generate", RoleRawOutput, `{"model":"llama3","response":"Hello","done":true,"done_reason":"stop"}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]`, false},
		{"Bedrock Llama", RoleRawInput, `{"prompt":"Hi","max_gen_len":512}`, `[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]`, false},
		{"Hugging Face", RoleRawOutput, `[{"generated_text":"Hello"}]`, `[{"role":"assistant","parts":[{"type":"text","content":"Hello"}]}]`, true},
		{"Cohere 1", RoleRawInput, `{"message":"there","chat_history":[{"role":"USER","message":"Hi"},{"role":"CHATBOT","message":"Hello"}]}`,
			`[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[{"type":"text","content":"Hello"}]},{"role":"user","parts":[{"type":"text","content":"there"}]}]`, true},
		{"Cohere", RoleRawOutput,
			`{"id":"1","finish_reason":"COMPLETE","message":{"role":"assistant","content":[{"type":"text","text":"Hello"}]}}`,
			`[{"role":"assistant","parts":[{"type":"text","content":"Hello"}],"finish_reason":"stop"}]`,
			true},
	})
}
