package genai
import ("testing";"os";"path/filepath";"strings";"strconv";"fmt")
func TestDbg(t *testing.T){
 fs,_:=filepath.Glob("testdata/fuzz/FuzzNormalize/*")
 for _,f:=range fs{ b,_:=os.ReadFile(f); l:=strings.Split(string(b),"\n")[1]; l=strings.TrimSuffix(strings.TrimPrefix(l,"[]byte("),")"); s,_:=strconv.Unquote(l)
 for _,rm:=range []bool{false,true}{
 it,sc:=fuzzTelemetry([]byte(s)); fmt.Printf("%v scope %q name %q isSpan %v\n in %v\n",rm,sc,it.span.Name()+it.record.EventName(),it.isSpan,it.attributes().AsRaw())
 c:=it.normalize(fuzzNormalizer(sc,rm)); fmt.Println(" 1:",c,it.attributes().AsRaw()); a:=it.copied(); c=it.normalize(fuzzNormalizer(sc,rm)); fmt.Println(" 2:",c,changed(a,it))}}
}
