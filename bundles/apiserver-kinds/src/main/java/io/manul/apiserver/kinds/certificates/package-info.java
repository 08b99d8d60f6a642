/** CertificateSigningRequest. */
package io.manul.apiserver.kinds.certificates;
