#!/bin/sh
# Debian's mosquitto as the broker of the heartbeats: its certificate (for a year: run this again) from the cluster's server
# CA, its clients by theirs.
#   docs/examples/mosquitto.sh /var/lib/manul /etc/manul-mosquitto 192.0.2.7 8883 NODE...
#   mosquitto -c /etc/manul-mosquitto/mosquitto.conf &
#   ./manul server --mqtt-endpoint 192.0.2.7:8883
set -eu
[ $# -ge 5 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
tls=$1/server/tls folder=$2 address=$3 port=$4
shift 4
[ -r "$tls/server-ca.key" ] || { echo "$0: $tls/server-ca.key is not there: start the server once, as root" >&2; exit 1; }

install -d -o mosquitto -m 700 "$folder"
cp "$tls/client-ca.crt" "$folder/"
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mqtt -keyout "$folder/mqtt.key" -out "$folder/mqtt.csr" 2>/dev/null
printf 'subjectAltName=IP:%s\nextendedKeyUsage=serverAuth\n' "$address" >"$folder/mqtt.ext"
openssl x509 -req -in "$folder/mqtt.csr" -CA "$tls/server-ca.crt" -CAkey "$tls/server-ca.key" -days 365 -extfile "$folder/mqtt.ext" \
  -out "$folder/mqtt.crt" 2>/dev/null

# the cluster's name in topics: 32 bits of SHA-256 over the server CA's public key
cluster=$(openssl x509 -in "$tls/server-ca.crt" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -c1-8)
{
  printf 'user system:manul:heartbeat\ntopic readwrite kn/v1/%s/#\n' "$cluster"
  for node; do
    printf 'user system:node:%s\ntopic write kn/v1/%s/n/%s/#\n' "$node" "$cluster" "$node"
    printf 'topic read kn/v1/%s/n/%s/cmd\ntopic read kn/v1/%s/state/#\n' "$cluster" "$node" "$cluster"
  done
} >"$folder/acl"
cat >"$folder/mosquitto.conf" <<CONF
listener $port $address
cafile $folder/client-ca.crt
certfile $folder/mqtt.crt
keyfile $folder/mqtt.key
require_certificate true
use_identity_as_username true
acl_file $folder/acl
persistence false
user mosquitto
CONF
chown mosquitto "$folder"/*
chmod 600 "$folder"/*
echo "mosquitto -c $folder/mosquitto.conf"
