/* SPDX-License-Identifier: GPL-3.0-or-later */

/* SCRAM-SHA-256, plain and bound to the TLS connection (RFC 5802, 7677). */

#include "pinion-sasl-private.h"

#include "pinion-text.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define HASH_SIZE 32
#define NONCE_BYTES 24

/* Below the least that RFC 7677, 4 allows the password can be guessed; above it, a server makes us
 * compute for ever. */
#define MIN_ITERATIONS 4096
#define MAX_ITERATIONS 1000000

#define MAX_SALT 1024
#define MAX_SERVER_ERROR 100

/* @first: client-first-message-bare.  @signature: what the server has to prove. */
typedef struct
{
  char *nonce;
  char *gs2_header;
  char *first;
  guint8 signature[HASH_SIZE];
} Scram;

/* server-first-message, taken apart */
typedef struct
{
  char *nonce;
  guchar *salt;
  gsize salt_length;
  guint iterations;
} Challenge;

static void
scram_free (gpointer data)
{
  Scram *scram = data;

  g_free (scram->nonce);
  g_free (scram->gs2_header);
  g_free (scram->first);
  explicit_bzero (scram->signature, HASH_SIZE);
  g_free (scram);
}

static void
challenge_clear (Challenge *challenge)
{
  g_free (challenge->nonce);
  g_free (challenge->salt);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Challenge, challenge_clear)

static Scram *
get_state (PinionSasl *self)
{
  if (self->state == NULL)
    self->state = g_new0 (Scram, 1);

  return self->state;
}

void
pinion_sasl_scram_set_nonce (PinionSasl *self,
                             const char *nonce)
{
  g_set_str (&get_state (self)->nonce, nonce);
}

/* -- Hashes --------------------------------------------------------------------------------- */

static void
hmac (const guint8 *key,
      gsize         key_length,
      const char   *text,
      guint8        out[HASH_SIZE])
{
  g_autoptr (GHmac) state = g_hmac_new (G_CHECKSUM_SHA256, key, key_length);
  gsize length = HASH_SIZE;

  g_hmac_update (state, (const guchar *) text, (gssize) strlen (text));
  g_hmac_get_digest (state, out, &length);
}

/* Hi (str, salt, i), which is PBKDF2 with one block (RFC 5802, 2.2).  HMAC's key is set up once. */
static void
hash_password (const char      *password,
               const Challenge *challenge,
               guint8           out[HASH_SIZE])
{
  static const guint8 block[] = { 0, 0, 0, 1 };
  g_autoptr (GHmac) keyed = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) password,
                                        strlen (password));
  g_autoptr (GHmac) first = g_hmac_copy (keyed);
  guint8 u[HASH_SIZE];
  gsize length = HASH_SIZE;

  g_hmac_update (first, challenge->salt, (gssize) challenge->salt_length);
  g_hmac_update (first, block, sizeof block);
  g_hmac_get_digest (first, u, &length);
  memcpy (out, u, HASH_SIZE);

  for (guint i = 1; i < challenge->iterations; i++)
    {
      g_autoptr (GHmac) next = g_hmac_copy (keyed);

      g_hmac_update (next, u, HASH_SIZE);
      g_hmac_get_digest (next, u, &length);
      for (guint j = 0; j < HASH_SIZE; j++)
        out[j] ^= u[j];
    }

  explicit_bzero (u, HASH_SIZE);
}

/* Takes as long whatever differs. */
static gboolean
is_equal (const guint8 *one,
          const guint8 *two,
          gsize         length)
{
  guint8 difference = 0;

  for (gsize i = 0; i < length; i++)
    difference |= one[i] ^ two[i];

  return difference == 0;
}

/* -- The first message ---------------------------------------------------------------------- */

/* "=" and "," mean something in a message (RFC 5802, 5.1, saslname). */
static char *
escape_name (const char *user)
{
  g_autofree char *prepared = pinion_sasl_prepare (user);
  g_autoptr (GString) name = g_string_new (prepared);

  g_string_replace (name, "=", "=3D", 0);
  g_string_replace (name, ",", "=2C", 0);

  return g_string_free_and_steal (g_steal_pointer (&name));
}

static char *
make_nonce (void)
{
  guint8 bytes[NONCE_BYTES];
  gsize filled = 0;

  while (filled < sizeof bytes)
    {
      gssize n = getrandom (bytes + filled, sizeof bytes - filled, 0);

      if (n > 0)
        filled += (gsize) n;
      else if (errno != EINTR)
        return NULL;
    }

  return g_base64_encode (bytes, sizeof bytes);
}

/* "y": we could have bound, and the server did not offer it, which it can compare with what it did
 * offer; so nobody in between can hide the offer. "n": we cannot (RFC 5802, 6). */
static char *
make_gs2_header (PinionSasl *self)
{
  if (self->mechanism == PINION_SASL_SCRAM_SHA_256_PLUS)
    return g_strdup_printf ("p=%s,,", self->binding_type);

  return g_strdup (self->binding != NULL && !self->plus_failed ? "y,," : "n,,");
}

static GBytes *
say_first (PinionSasl *self,
           GBytes     *challenge,
           GError    **error)
{
  Scram *scram = get_state (self);
  g_autofree char *name = escape_name (self->user);

  if (g_bytes_get_size (challenge) > 0)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the server speaks first", error);
  if (scram->nonce == NULL)
    scram->nonce = make_nonce ();
  if (scram->nonce == NULL)
    return pinion_sasl_fail (self, PINION_ERROR_INTERNAL, "no random numbers", error);

  scram->gs2_header = make_gs2_header (self);
  scram->first = g_strdup_printf ("n=%s,r=%s", name, scram->nonce);

  g_autofree char *message = g_strconcat (scram->gs2_header, scram->first, NULL);
  return pinion_sasl_bytes_new (message, strlen (message));
}

/* -- The proof ------------------------------------------------------------------------------ */

/* What an "e=" is about (RFC 5802, 7).  A binding that does not match is what it is there to find:
 * there is somebody in between, and no weaker mechanism may follow. */
static PinionErrorCode
code_of_server_error (const char *value)
{
  if (g_str_has_prefix (value, "channel-bindings-dont-match") ||
      g_str_has_prefix (value, "server-does-support-channel-binding"))
    return PINION_ERROR_PROTOCOL;
  if (g_str_has_prefix (value, "unsupported-channel-binding-type") ||
      g_str_has_prefix (value, "channel-binding-not-supported"))
    return PINION_ERROR_SIGN_IN_NO_MECHANISM;

  return PINION_ERROR_SIGN_IN_REFUSED;
}

static GBytes *
fail_with_server_error (PinionSasl *self,
                        const char *value,
                        GError    **error)
{
  g_autofree char *clean = pinion_text_clean_line (value, -1, MAX_SERVER_ERROR);
  g_autofree char *message = g_strdup_printf ("the server says “%s”", clean);

  pinion_sasl_fail (self, code_of_server_error (value), message, error);
  if (error != NULL)
    pinion_error_set_detail (*error, "server-text", clean);

  return NULL;
}

/* The value of the attribute @name that @text begins with.  Returns: (transfer full) (nullable) */
static char *
take_attribute (const char **text,
                char         name)
{
  if ((*text)[0] != name || (*text)[1] != '=')
    return NULL;

  const char *value = *text + 2;
  gsize length = strcspn (value, ",");

  *text = value + length;
  if (**text == ',')
    (*text)++;

  return g_strndup (value, length);
}

/* posit-number: no sign, no zero in front, no overflow */
static gboolean
parse_iterations (const char *text,
                  guint      *iterations)
{
  gsize length = strlen (text);

  if (length == 0 || length > 9 || text[0] == '0' || strspn (text, "0123456789") != length)
    return FALSE;

  *iterations = (guint) g_ascii_strtoull (text, NULL, 10);
  return TRUE;
}

static guchar *
parse_base64 (const char *text,
              gsize      *length)
{
  g_autoptr (GBytes) bytes = pinion_sasl_decode (text, NULL);

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;

  return g_bytes_unref_to_data (g_steal_pointer (&bytes), length);
}

/* [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]: an "m=" in front is an
 * extension that must be understood, so that it fails here as anything else does. */
static gboolean
parse_challenge (PinionSasl *self,
                 const char *text,
                 Challenge  *challenge,
                 GError    **error)
{
  Scram *scram = self->state;
  challenge->nonce = take_attribute (&text, 'r');
  g_autofree char *salt = challenge->nonce != NULL ? take_attribute (&text, 's') : NULL;
  g_autofree char *count = salt != NULL ? take_attribute (&text, 'i') : NULL;

  if (count == NULL || !parse_iterations (count, &challenge->iterations))
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the challenge is malformed", error) !=
           NULL;
  challenge->salt = parse_base64 (salt, &challenge->salt_length);
  if (challenge->salt == NULL || challenge->salt_length > MAX_SALT)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the salt is malformed", error) != NULL;
  if (!g_str_has_prefix (challenge->nonce, scram->nonce) ||
      strlen (challenge->nonce) == strlen (scram->nonce))
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the nonce is not the next one",
                             error) != NULL;
  if (challenge->iterations < MIN_ITERATIONS || challenge->iterations > MAX_ITERATIONS)
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the iteration count is out of bounds",
                             error) != NULL;

  return TRUE;
}

/* gs2-header and cbind-data (RFC 5802, 7) */
static char *
encode_binding (PinionSasl *self)
{
  Scram *scram = self->state;
  const char *header = scram->gs2_header;
  g_autoptr (GByteArray) input = g_byte_array_new ();

  g_byte_array_append (input, (const guint8 *) header, (guint) strlen (header));
  if (self->mechanism == PINION_SASL_SCRAM_SHA_256_PLUS)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (self->binding, &size);

      g_byte_array_append (input, data, (guint) size);
    }

  return g_base64_encode (input->data, input->len);
}

/* Computes ClientProof into @proof, and the ServerSignature to expect (RFC 5802, 3). */
static void
compute (PinionSasl      *self,
         const Challenge *challenge,
         const char      *auth_message,
         guint8           proof[HASH_SIZE])
{
  Scram *scram = self->state;
  char *password = pinion_sasl_prepare (pinion_secret_peek (self->secret));
  guint8 salted[HASH_SIZE], key[HASH_SIZE], stored[HASH_SIZE], signature[HASH_SIZE];
  g_autoptr (GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = HASH_SIZE;

  hash_password (password, challenge, salted);
  pinion_sasl_wipe (password);

  hmac (salted, HASH_SIZE, "Client Key", key);
  g_checksum_update (hash, key, HASH_SIZE);
  g_checksum_get_digest (hash, stored, &length);
  hmac (stored, HASH_SIZE, auth_message, signature);
  for (guint i = 0; i < HASH_SIZE; i++)
    proof[i] = key[i] ^ signature[i];

  hmac (salted, HASH_SIZE, "Server Key", key);
  hmac (key, HASH_SIZE, auth_message, scram->signature);

  explicit_bzero (salted, HASH_SIZE);
  explicit_bzero (key, HASH_SIZE);
  explicit_bzero (stored, HASH_SIZE);
  explicit_bzero (signature, HASH_SIZE);
}

static GBytes *
prove (PinionSasl *self,
       const char *text,
       GError    **error)
{
  Scram *scram = self->state;
  g_auto (Challenge) challenge = { 0 };
  guint8 proof[HASH_SIZE];

  if (g_str_has_prefix (text, "e="))
    return fail_with_server_error (self, text + 2, error);
  if (!parse_challenge (self, text, &challenge, error))
    return NULL;

  g_autofree char *binding = encode_binding (self);
  g_autofree char *without_proof = g_strdup_printf ("c=%s,r=%s", binding, challenge.nonce);
  g_autofree char *auth_message = g_strjoin (",", scram->first, text, without_proof, NULL);
  compute (self, &challenge, auth_message, proof);

  char *encoded = g_base64_encode (proof, HASH_SIZE);
  char *message = g_strconcat (without_proof, ",p=", encoded, NULL);
  GBytes *bytes = pinion_sasl_bytes_new (message, strlen (message));
  explicit_bzero (proof, HASH_SIZE);
  pinion_sasl_wipe (encoded);
  pinion_sasl_wipe (message);
  self->shown = TRUE;

  return bytes;
}

/* -- The server's proof --------------------------------------------------------------------- */

static GBytes *
verify (PinionSasl *self,
        const char *text,
        GError    **error)
{
  Scram *scram = self->state;
  gsize length = 0;

  if (g_str_has_prefix (text, "e="))
    return fail_with_server_error (self, text + 2, error);

  g_autofree char *value = take_attribute (&text, 'v');
  g_autofree guchar *signature = value != NULL ? parse_base64 (value, &length) : NULL;
  if (signature == NULL || length != HASH_SIZE ||
      !is_equal (signature, scram->signature, HASH_SIZE))
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL,
                             "the server does not know the password itself", error);

  self->done = TRUE;
  return g_bytes_new (NULL, 0);
}

static GBytes *
scram_step (PinionSasl *self,
            GBytes     *challenge,
            GError    **error)
{
  gsize size;
  const char *data = g_bytes_get_data (challenge, &size);

  if (self->step == 0)
    return say_first (self, challenge, error);

  if (size == 0 || memchr (data, 0, size) != NULL || !g_utf8_validate (data, (gssize) size, NULL))
    return pinion_sasl_fail (self, PINION_ERROR_PROTOCOL, "the challenge is no text", error);

  g_autofree char *text = g_strndup (data, size);
  return self->step == 1 ? prove (self, text, error) : verify (self, text, error);
}

const PinionSaslKind pinion_sasl_scram_kind = {
  .name = "SCRAM-SHA-256",
  .client_first = TRUE,
  .slow = TRUE,
  .step = scram_step,
  .state_free = scram_free,
};

const PinionSaslKind pinion_sasl_scram_plus_kind = {
  .name = "SCRAM-SHA-256-PLUS",
  .client_first = TRUE,
  .slow = TRUE,
  .step = scram_step,
  .state_free = scram_free,
};
