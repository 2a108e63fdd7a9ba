// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// formedCase is the table of an entity without a check digit: what has its form
// and what just misses it. Each text marks the value with «».
type formedCase struct {
	entity  string
	profile Profile
	hits    []string
	misses  []string
}

var formedCases = []formedCase{
	{"EMAIL", Precise,
		[]string{"«jane.doe@example.com»", "mail «o'brien+tag@mail.example.co.uk», please", "mailto:«a_b-c@sub.domain.io»", "<«max@müller.de»>", "to=«x@y.museum»&cc=none", "Contact «JANE.DOE@EXAMPLE.COM».", "write «jane@example.com».Next sentence", "«bob@acme.corp»"},
		[]string{"git@github.com:org/repo.git", "lodash@4.17.21", "user@localhost", "@example.com", "a@b.c", "model@self.forward(x)", "foo@bar"}},
	{"PHONE", Precise,
		[]string{"«+49 30 901820»", "«+1 (415) 555-0132»", "«(415) 555-0132»", "«415-555-0132»", "«415.555.0132»", "«+447700900123»", "«1-800-555-0199»", "«+1.4155550132»", "tel: «4155550132»", "«0049 89 12345678»", "call «+33 1 23 45 67 89»"},
		[]string{"4155550132", "+1", "115-555-0132", "415-155", "0.415-555-0132", "1+4155550132", "415-555-01321", "415 555 0132", "EDT m=+24906.653563401", "+1.234567890", "delta +24906.653563401", "took 0.04412345678 s", "0.010000000", "2024-11-25 10:00:00"}},
	{"PHONE", Broad,
		[]string{"call me on «9472 7916»", "my mobile is «07700 900123»", "Telefon: «030/901820»", "Tel. «01.84.17.61.18»", "fax «(02) 9876 5432»", "it is «415 555 0132»", "whatsapp «345-899-3560x4587»"},
		[]string{"room 9472 7916", "the phone costs 199 or 249", "phone: 1848-1874", "call me at 2024-11-25", "call me, the loss is 0.3155552671", "phone me in 19148-1908"}},
	{"IP_ADDRESS", Precise,
		[]string{"«203.0.113.42»", "from «10.0.0.5»:8080", "«192.168.1.254»/24", "http://«198.51.100.7»/path", "«2001:db8::8a2e:370:7334»", "«2001:0db8:85a3:0000:0000:8a2e:0370:7334»", "[«fe80::1ff:fe23:4567:890a»]", "«::ffff:203.0.113.42»"},
		[]string{"256.1.1.1", "1.2.3.4.5", "version 10.2.3.44", "Chrome/120.0.0.0", "1.2.3", "127.0.0.1", "0.0.0.0", "abc::def", "std::vector", "12:30:45", "01.02.03.04"}},
	{"MAC_ADDRESS", Precise,
		[]string{"«00:1B:44:11:3A:B7»", "«00-1b-44-11-3a-b7»", "mac=«a4:83:e7:00:12:9f»;", "(«DE:AD:BE:EF:00:01»)", "\"«02:42:ac:11:00:02»\""},
		[]string{"00:1B:44:11:3A", "00:1B:44:11:3A:B7:99", "00:1G:44:11:3A:B7", "00:00:00:00:00:00", "x00:1B:44:11:3A:B7"}},
	{"US_SSN", Precise,
		[]string{"«078-05-1120»", "SSN: «219-09-9999»", "«460 89 9847»", "ssn «219099999»", "(«123-45-6789»)"},
		[]string{"000-12-3456", "666-12-3456", "912-34-5678", "123-00-4567", "123-45-0000", "219099999", "123-45-67890", "1123-45-6789"}},
	{"US_ITIN", Precise,
		[]string{"«912-70-1234»", "«999-88-1234»", "«900-55-1234»", "ITIN «912701234»", "«987-94-3210»"},
		[]string{"912-40-1234", "912-66-1234", "812-70-1234", "912-89-1234", "912701234"}},
	{"US_MBI", Precise,
		[]string{"MBI «1EG4-TE5-MK73»", "Medicare «1EG4TE5MK73»", "beneficiary «2AC3-D56-FG78»", "mbi: «9XY8-W76-VU54»", "MBI=«3HJ4KM5NP67»"},
		[]string{"MBI 1SG4-TE5-MK73", "MBI 0EG4-TE5-MK73", "MBI 1EG4-TE5-MK7", "mbi 1eg4-te5-mk73"}},
	{"US_DEA_NUMBER", Precise,
		[]string{"«AB1234563»", "DEA «FS1234563»", "«BB1388568»", "DEA# «MA2469131»", "«AP5836727»"},
		[]string{"AB1234564", "DEA FS1234569", "BB1388569", "MA2469132", "AP5836728", "ab1234563"}},
	{"BANK_ACCOUNT", Precise,
		[]string{"account number «12345678»", "Kontonummer: «532013000»", "acct «000123456789»", "numero di conto «123456789012»", "sort code «20-00-00»"},
		[]string{"order 12345678", "account number 1234", "Konto 5320"}},
	{"UK_NINO", Precise,
		[]string{"«AB123456C»", "«AB 12 34 56 C»", "NI number «JG103759A»", "«CE 123456 D»", "«wl123456b»"},
		[]string{"DA123456C", "AO123456C", "BG123456C", "AB123456E", "AB12345C", "XAB123456C"}},
	{"UK_DRIVING_LICENCE", Precise,
		[]string{"«MORGA657054SM9IJ»", "«SMITH711215JJ9AB»", "licence «JONES909230AB9CD»", "«FOX99807109XY9ZA»", "«LEE99751010AA9BB»"},
		[]string{"MORGA699054SM9IJ", "MORGA657994SM9IJ", "MO9GA657054SM9IJ", "MORGA65705SM9IJ"}},
	{"UK_POSTCODE", Precise,
		[]string{"postcode «SW1A 1AA»", "address: 10 Downing Street, «SW1A 2AA»", "post code «M1 1AE»", "Postcode: «EC1A 1BB»", "postal «B33 8TH»"},
		[]string{"SW1A 1AA", "postcode QW1A 1AA", "postcode SW1A 1CA", "postcode M1 1A"}},
	{"IN_PAN", Precise,
		[]string{"«ABCPE1234F»", "PAN «AAAPL1234C»", "«BNZAA2318J»", "(«AFZPK7190K»)", "pan=«ABCCF9876K»"},
		[]string{"ABCDE1234F", "ABCPE123F", "ABCPE12345", "abcpe1234f", "XABCPE1234F"}},
	{"IN_VOTER_ID", Precise,
		[]string{"voter id «ABC1234567»", "EPIC «WKH1186253»", "voter: «XYZ7654321»", "election card «GDN0225185»", "Voter ID «MLQ2345678»"},
		[]string{"ABC1234567", "voter AB1234567", "voter ABC123456", "voter abc1234567"}},
	{"FR_CNI", Precise,
		[]string{"CNI «880692310285»", "carte nationale «990175123456»", "carte d'identité «123456789012»", "identité: «050675201234»", "cni=«150775000123»"},
		[]string{"880692310285", "CNI 88069231028", "CNI 8806923102851"}},
	{"AR_DNI", Precise,
		[]string{"DNI «30.123.456»", "DNI «27456789»", "dni: «12.345.678»", "DNI nro «40.987.654»", "documento nacional «33.222.111»"},
		[]string{"30.123.456", "DNI 30.123.45", "DNI 3.012"}},
	{"PASSPORT", Precise,
		[]string{"passport «C01X00T47»", "Passport No. «123456789»", "Reisepass «L01X00T471»", "passeport «12AB34567»", "passport number: «K1234567»", "pasaporte «AAA123456»"},
		[]string{"C01X00T47", "passport office", "passport 1234", "passport c01x00t47"}},
	{"DRIVER_LICENSE", Precise,
		[]string{"driver's license number is «F162823540116»", "my driver's license number is «2270-66-1551»", "Driver license: «D1234567»", "Führerschein «B072RRE2I55»", "driving licence «6940579»"},
		[]string{"F162823540116", "driver's license renewal", "driver 4294967295"}},
	{"ID_CARD", Precise,
		[]string{"Personalausweis «L01X00T471»", "identity card «AB1234567»", "Ausweisnummer: «T22000129»", "carta d'identità «CA12345AB»", "ID card «X1234567»"},
		[]string{"L01X00T471", "identity card holder", "Ausweis 12"}},
	{"DATE_OF_BIRTH", Precise,
		[]string{"born «1985-03-12»", "DOB: «03/12/1985»", "geboren am «12.03.1985»", "date of birth «2/8/1935»", "né le «12/03/1985»", "nascita: «12-03-1985»", "I was born on «12 March 1985» in", "born «March 12th, 1985».", "geboren am «3. März 1985»", "nacida el «3 de agosto de 1985»"},
		[]string{"1985-03-12", "due 03/12/1985", "due 12 March 1985", "born 12 marbles", "born in 1985", "reborn 12"}},
	{"COORDINATES", Precise,
		[]string{"GPS «52.5200, 13.4050»", "location: «40.730823, -73.997332»", "\"latitude\": «52.520008»", "lng=«-0.1278»", "coordinates («48.8566; 2.3522»)", "at «52.5200° N, 13.4050° E»."},
		[]string{"52.5200, 13.4050", "score 0.8372, lat 0.1", "latitude 52.5", "latitude 252.5201", "lat 12"}},
	{"VIN", Precise,
		[]string{"«1HGCM82633A004352»", "VIN «1M8GDM9AXKP042788»", "«5GZCZ43D13S812715»", "«5YJSA1E27HF000337»", "vin=«1FTFW1ET9DFC10312»"},
		[]string{"1HGCM82634A004352", "1M8GDM9A1KP042788", "5GZCZ43D23S812715", "1HGCM82633A00435", "11111111111111111"}},
	{"BTC_ADDRESS", Precise,
		[]string{"«1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa»", "«3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy»", "«bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4»", "to «1BoatSLRHtKNngkdXEeobR76b53LETtpyT»", "«bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0»"},
		[]string{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "1BoatSLRHtKNngkdXEeobR76b53LETtpyU", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj1"}},
	{"ETH_ADDRESS", Precise,
		[]string{"«0x742d35Cc6634C0532925a3b844Bc454e4438f44e»", "to=«0xde0B295669a9FD93d5F28D9Ec85E40f4cb697BAe»", "(«0x52908400098527886E0F7030069857D2E4169EE7»)", "«0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed»", "wallet «0x27b1fdb04752bbc536007a920d24acb045561c26»"},
		[]string{"0x742d35Cc6634C0532925a3b844Bc454e4438f44", "0x742d35Cc6634C0532925a3b844Bc454e4438f44e1", "742d35Cc6634C0532925a3b844Bc454e4438f44e", "0x0000000000000000000000000000000000000000"}},
	{"URL_CREDENTIALS", Precise,
		[]string{"postgres://«user:s3cret»@db:5432/app", "https://«admin:pa%2Fss»@example.com/", "redis://«:hunter2»@cache", "amqp://«guest:guest»@mq", "curl -u «bob:Tr0ub4dor» https://x", "mongodb+srv://«u:p@ss»@host1:1,host2:2"},
		[]string{"https://example.com/a:b", "postgres://user:${PASS}@db", "postgres://user:<password>@db", "http://user@host/", "https://{user}:{password}@x", "see http://a/b@c:d"}},
	{"PASSWORD", Precise,
		[]string{"password=«hunter2»", "\"password\": \"«correcthorse»\"", "passwd: «Tr0ub4dor&3»", "my password is «hunter2».", "**Password:** «hunter2»", "Password: **«hunter2»**", "**Password**: «hunter2»", "the password is **«hunter2»**", "mysql --password «hunter2» db", "the password for the router is «hunter2»", "Das Passwort lautet «Sommer2024!»", "DB_PASSWORD='«p4ssw/o!rd»'", "contraseña: «Hola1234»", "{\\\"password\\\":\\\"«hunter22»\\\"}", "<password>«S3cretValue»</password>"},
		[]string{"password: required", "password = os.Getenv(\"X\")", "password=${PASS}", "password: <your password>", "the password is wrong", "password=****", "password: ****ter2", "--password file", "password_length: 12", "\"password\": \"[PASSWORD]\""}},
	{"API_KEY", Precise,
		[]string{"api_key: \"«8f14e45fceea167a5a36dedd4bea2543»\"", "DD_API_KEY=«8f14e45fceea167a5a36dedd4bea2543»", "heroku_api_key=«12345678-abcd-4bcd-8bcd-1234567890ab»", "\"client_secret\": \"«Zx9Kq27bLmNp4Rt»\"", "x-api-key: «a1b2c3d4e5f6a7b8»", "accessToken = '«q7Xk29ZpLw81RtVb3Nc»'", "the API key is «8f14e45fceea167a5a36dedd4bea2543».", "AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»", "my secret token is: «q7xk29zplw81rtvb3nc4»"},
		[]string{"8f14e45fceea167a5a36dedd4bea2543", "api_key: YOUR_API_KEY_HERE", "max_tokens: 123456789012345678", "next_page_token: a1b2c3d4e5f6a7b8c9d0", "primary_key: a1b2c3d4e5f6a7b8c9d0", "api_key = config.get_key_2(name)", "the answer is 8f14e45fceea167a5a36dedd4bea2543", "the id of the key is: 8f14e45f", "arn:aws:secretsmanager:us-east-1:012345678901:secret:myorg/app1-A1B2C3", "\"token\": \" the\""}},
	{"AUTH_TOKEN", Precise,
		[]string{"Authorization: Bearer «a8f5f167f44f4964e6c998dee827110c»", "curl -H 'Authorization: Basic «dXNlcjpwYXNzd29yZDEyMw==»'", "use Bearer «mF_9.B5f-4.1JqM0aQ7x2»", "authorization: token «0123abcd4567efab8910»", "Cookie: «sid=a8f5f167f44f4964; theme=dark»"},
		[]string{"Authorization: Bearer <token>", "bearer of bad news and more", "Authorization: Bearer ${TOKEN}", "Authorization: Basic ...", "the Basic idea of this chapter"}},
	{"JWT", Precise,
		[]string{"«eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U»", "token=«eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2UifQ».", "(«eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIn0.c2lnbmF0dXJlLWhlcmUtMTIz»)", "«eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJhdWQiOiJhcGkifQ.MEUCIQDx-9_abcDEF12345»,", "jwt «eyJlbmMiOiJBMTI4R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ.OKOawDo13gRp2ojaHV7LFpZ.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIz.XFBoMYUZodetZdvTiFvSkQ»"},
		[]string{"eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.", "xeyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIi.abc", "they.join.us"}},
	{"PRIVATE_KEY", Precise,
		[]string{"«-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n-----END PRIVATE KEY-----»", "x «-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n-----END OPENSSH PRIVATE KEY-----» y",
			`"«-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA1qX8Zk0vJb9tYw3rQn5sLm7uKp2dHf4gAe6cVi\n-----END RSA PRIVATE KEY-----»\n"`, "«-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\n-----END EC PRIVATE KEY-----»",
			"«-----BEGIN PGP PRIVATE KEY BLOCK-----\nlQWGBGSVV4YBDAClvRnxezIRy2Yv7SFlzC0iFiRF/O/jePSw+XYhvcrTaqSYTGic\n-----END PGP PRIVATE KEY BLOCK-----»", "«-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7»"},
		[]string{"-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo\n-----END PUBLIC KEY-----", "-----BEGIN PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----", "BEGIN PRIVATE KEY"}},
}

// unmark takes the «» out of a text and returns where the value stands.
func unmark(t *testing.T, marked string) (text string, start, end int) {
	t.Helper()
	before, rest, ok := strings.Cut(marked, "«")
	require.True(t, ok, marked)
	value, after, _ := strings.Cut(rest, "»")
	return before + value + after, len(before), len(before) + len(value)
}

func TestForms(t *testing.T) {
	s := newScanner(t, Options{Regions: []string{"GB", "FR"}})
	for _, c := range formedCases {
		t.Run(c.entity, func(t *testing.T) {
			require.GreaterOrEqual(t, len(c.hits), 5)
			for _, marked := range c.hits {
				text, start, end := unmark(t, marked)
				names, whole := entityOver(s, text, start, end, c.profile)
				assert.Equal(t, []string{c.entity}, names, "%q", text)
				assert.True(t, whole, "%q is covered whole", text)
			}
			for _, text := range c.misses {
				names, _ := entityOver(s, text, 0, len(text), c.profile)
				assert.NotContains(t, names, c.entity, "%q", text)
			}
		})
	}
}
