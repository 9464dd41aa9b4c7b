/** Why a client's certificate lets nobody in: the closed list, each with what to do about it. Counted by these names. */
import type { ChainFault } from '../tls/chain.ts';

export type CertificateFault =
  | ChainFault
  | 'malformed'
  | 'bad-identity'
  | 'no-identity'
  | 'ambiguous-identity'
  | 'other-tenant'
  | 'other-device'
  | 'unknown-device'
  | 'missing';

export const CERTIFICATE_FAULTS: Readonly<Record<CertificateFault, string>> = {
  malformed: 'the client certificate cannot be read as X.509',
  expired: 'the client certificate is past its notAfter: renew it',
  'not-yet-valid': 'the client certificate is before its notBefore: check the clock that made it',
  'wrong-usage':
    'the client certificate, or a CA above it, is not for TLS clients: extended key usage must name clientAuth, and key usage digitalSignature',
  'is-a-ca': 'the client certificate is a CA certificate: a device needs one of its own',
  'weak-key': 'the client certificate has a key below RSA 2048, or a signature with SHA-1 or MD5',
  'unknown-critical-extension': 'the client certificate, or a CA above it, has a critical extension that is not evaluated here',
  'chain-incomplete':
    'the chain of the client certificate leads to no CA of its tenant: send the intermediates too, or register the CA (POST /v1/tenants/{id}/cas)',
  'chain-too-long': 'the chain of the client certificate has more than 4 intermediates',
  'issuer-expired': 'a CA above the client certificate is out of its time',
  'issuer-may-not-sign': 'a certificate above the client certificate is no CA, or may not sign so deep a chain',
  revoked: 'the client certificate was revoked',
  'bad-identity': 'a name in the client certificate is no urn:twinfold:<tenant>:<device>',
  'no-identity':
    'the client certificate names no device: it needs a SAN URI urn:twinfold:<tenant>:<device>, an external id as SAN, or to be registered with the device',
  'ambiguous-identity':
    'the client certificate fits several devices: name the one by a SAN URI urn:twinfold:<tenant>:<device>, or by the MQTT user name <tenant>/<device>',
  'other-tenant': 'the client certificate names a device of one tenant, and its chain leads to a CA of another',
  'other-device': 'the client certificate is registered with another device than it names',
  'unknown-device': 'the device that the client certificate names is not registered',
  missing: 'this listener takes nobody without a client certificate',
};
