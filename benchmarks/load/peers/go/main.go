// The entry of the lunch line (apps/lunch_line) with Go's net/http, and a folder of files.
//
//	TWILIO_AUTH_TOKEN=... server PORT PUBLIC_URL FOLDER
package main

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"sort"
	"strings"
)

type say struct {
	Text string `xml:",chardata"`
}

type gather struct {
	Action    string `xml:"action,attr"`
	NumDigits int    `xml:"numDigits,attr"`
	Say       say    `xml:"Say"`
}

type redirect struct {
	Method string `xml:"method,attr"`
	URL    string `xml:",chardata"`
}

type response struct {
	XMLName  xml.Name `xml:"Response"`
	Gather   gather   `xml:"Gather"`
	Redirect redirect `xml:"Redirect"`
}

var token = []byte(os.Getenv("TWILIO_AUTH_TOKEN"))

// https://www.twilio.com/docs/usage/security#validating-requests
func isSigned(address string, form url.Values, signature string) bool {
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	var text strings.Builder
	text.WriteString(address)
	for _, name := range names {
		for _, value := range form[name] {
			text.WriteString(name)
			text.WriteString(value)
		}
	}
	mac := hmac.New(sha1.New, token)
	io.WriteString(mac, text.String())
	expected := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(expected), []byte(signature))
}

func main() {
	runtime.GOMAXPROCS(1)
	port, publicURL, folder := os.Args[1], os.Args[2], os.Args[3]
	const choice = "/incoming-call-transition-out"

	http.HandleFunc("/incoming-call", func(writer http.ResponseWriter, request *http.Request) {
		request.Body = http.MaxBytesReader(writer, request.Body, 1<<20)
		if request.ParseForm() != nil {
			http.Error(writer, "Bad Request", http.StatusBadRequest)
			return
		}
		if !isSigned(publicURL+request.URL.RequestURI(), request.PostForm, request.Header.Get("X-Twilio-Signature")) {
			http.Error(writer, "Forbidden", http.StatusForbidden)
			return
		}
		document, err := xml.Marshal(response{
			Gather:   gather{choice, 1, say{"Welcome to Foo Corp! To hear our lunch specials press one. For our hours, press two."}},
			Redirect: redirect{"POST", choice},
		})
		if err != nil {
			http.Error(writer, "Internal Server Error", http.StatusInternalServerError)
			return
		}
		writer.Header().Set("Content-Type", "text/xml; charset=utf-8")
		io.WriteString(writer, `<?xml version="1.0" encoding="UTF-8"?>`)
		writer.Write(document)
	})
	http.Handle("/static/", http.StripPrefix("/static/", http.FileServer(http.Dir(folder))))
	if err := http.ListenAndServe("127.0.0.1:"+port, nil); err != nil {
		panic(err)
	}
}
