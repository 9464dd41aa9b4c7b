// A k6 with MQTT in it: the load tester as it is, and one module of ours beside its own.
package main

import (
	"go.k6.io/k6/cmd"

	_ "twinfold/xk6-mqtt/module"
)

func main() {
	cmd.Execute()
}
