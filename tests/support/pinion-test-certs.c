/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "pinion-test-certs.h"

#include <glib/gstdio.h>
#include <stdlib.h>

#define NEW_KEY "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"
#define LOCAL_NAMES "subjectAltName=DNS:localhost,IP:127.0.0.1"

/* With openssl's own database only can it be told the dates everywhere. */
static const char ca_config[] = "[ca]\n"
                                "default_ca = test\n"
                                "[test]\n"
                                "dir = .\n"
                                "database = index.txt\n"
                                "new_certs_dir = .\n"
                                "certificate = ca.pem\n"
                                "private_key = ca.key\n"
                                "rand_serial = yes\n"
                                "default_md = sha256\n"
                                "unique_subject = no\n"
                                "policy = any\n"
                                "copy_extensions = copy\n"
                                "[any]\n"
                                "commonName = supplied\n";

typedef struct
{
  const char *name;
  const char *names;
  const char *start;
  const char *end;
} Leaf;

static const Leaf leaves[] = {
  { "good", LOCAL_NAMES, "20200101000000Z", "20990101000000Z" },
  { "expired", LOCAL_NAMES, "20200101000000Z", "20210101000000Z" },
  { "future", LOCAL_NAMES, "20980101000000Z", "20990101000000Z" },
  { "other-name", "subjectAltName=DNS:elsewhere.example", "20200101000000Z", "20990101000000Z" },
};

static char *folder;
static char *ca_pem;
static GHashTable *certificates;

static void
run_openssl (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *complaint = NULL;
  int status;

  g_ptr_array_add (argv, (gpointer) "openssl");
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) arguments[i]);
  g_ptr_array_add (argv, NULL);

  g_spawn_sync (folder, (char **) argv->pdata, NULL,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &complaint,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("openssl %s: %s\n%s", arguments[0], error->message, complaint);
}

static void
write_file (const char *name,
            const char *contents)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

static void
load (const char *name)
{
  g_autofree char *key_file = g_strconcat (name, ".key", NULL);
  g_autofree char *pem_file = g_strconcat (name, ".pem", NULL);
  g_autofree char *key = g_build_filename (folder, key_file, NULL);
  g_autofree char *pem = g_build_filename (folder, pem_file, NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_files (pem, key, &error);

  g_assert_no_error (error);
  g_hash_table_insert (certificates, g_strdup (name), certificate);
}

static void
make_signed (const Leaf *leaf)
{
  g_autofree char *key = g_strconcat (leaf->name, ".key", NULL);
  g_autofree char *csr = g_strconcat (leaf->name, ".csr", NULL);
  g_autofree char *pem = g_strconcat (leaf->name, ".pem", NULL);

  run_openssl ((const char *const[]) { "req", NEW_KEY, "-keyout", key, "-out", csr, "-subj",
                                       "/CN=Pinion test server", "-addext", leaf->names, "-addext",
                                       "extendedKeyUsage=serverAuth", NULL });
  run_openssl ((const char *const[]) { "ca", "-batch", "-notext", "-config", "ca.conf",
                                       "-startdate", leaf->start, "-enddate", leaf->end, "-in", csr,
                                       "-out", pem, NULL });
  load (leaf->name);
}

static void
make_self_signed (const char *name)
{
  g_autofree char *key = g_strconcat (name, ".key", NULL);
  g_autofree char *pem = g_strconcat (name, ".pem", NULL);

  run_openssl ((const char *const[]) { "req", "-x509", NEW_KEY, "-keyout", key, "-out", pem,
                                       "-days", "30", "-subj", "/CN=localhost", "-addext",
                                       LOCAL_NAMES, NULL });
  load (name);
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_unlink (path);
    }

  g_rmdir (folder);
  g_clear_pointer (&certificates, g_hash_table_unref);
  g_clear_pointer (&ca_pem, g_free);
  g_clear_pointer (&folder, g_free);
}

static void
make_all (void)
{
  g_autoptr (GError) error = NULL;

  if (folder != NULL)
    return;

  folder = g_dir_make_tmp ("pinion-certs-XXXXXX", &error);
  g_assert_no_error (error);
  atexit (remove_folder);
  certificates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  write_file ("ca.conf", ca_config);
  write_file ("index.txt", "");
  run_openssl ((const char *const[]) { "req", "-x509", NEW_KEY, "-keyout", "ca.key", "-out",
                                       "ca.pem", "-days", "30", "-subj",
                                       "/CN=Pinion test authority", "-addext",
                                       "keyUsage=critical,keyCertSign,cRLSign", NULL });
  for (guint i = 0; i < G_N_ELEMENTS (leaves); i++)
    make_signed (&leaves[i]);
  make_self_signed ("self-signed");
  make_self_signed ("self-signed-2");

  g_autofree char *path = g_build_filename (folder, "ca.pem", NULL);
  g_file_get_contents (path, &ca_pem, NULL, &error);
  g_assert_no_error (error);
}

const char *
pinion_test_certs_get_ca (void)
{
  make_all ();
  return ca_pem;
}

GTlsCertificate *
pinion_test_certs_get (const char *name)
{
  make_all ();

  GTlsCertificate *certificate = g_hash_table_lookup (certificates, name);
  g_assert_nonnull (certificate);

  return certificate;
}
