/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Replies, forwards, subjects. */

#include "pinion-mime-compose.h"
#include "pinion-test-mime.h"

static const char *const own[] = { "Me@example.com", "alias@example.com", NULL };

static void
test_subjects (void)
{
  static const struct
  {
    const char *subject;
    const char *reply;
    const char *forward;
    const char *base;
  } cases[] = {
    { "Hello", "Re: Hello", "Fwd: Hello", "Hello" },
    { "Re: Hello", "Re: Hello", "Fwd: Re: Hello", "Hello" },
    { "RE: re: AW: Hello", "Re: Hello", "Fwd: RE: re: AW: Hello", "Hello" },
    { "Re[2]: Hello", "Re: Hello", "Fwd: Re[2]: Hello", "Hello" },
    { "WG: Hello", "Re: WG: Hello", "Fwd: Hello", "Hello" },
    { "Fwd: Re: Hello", "Re: Fwd: Re: Hello", "Fwd: Re: Hello", "Hello" },
    { "回复：你好", "Re: 你好", "Fwd: 回复：你好", "你好" },
    { "[list] Re: Hello", "Re: [list] Re: Hello", "Fwd: [list] Re: Hello", "Hello" },
    { "Regarding: x", "Re: Regarding: x", "Fwd: Regarding: x", "Regarding: x" },
    { "Ideas: x", "Re: Ideas: x", "Fwd: Ideas: x", "Ideas: x" },
    { "", "Re: ", "Fwd: ", "" },
    { "Re:", "Re: ", "Fwd: Re:", "" },
    { "[only]", "Re: [only]", "Fwd: [only]", "[only]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *reply = pinion_mime_prefix_subject ("Re: ", cases[i].subject);
      g_autofree char *forward = pinion_mime_prefix_subject ("Fwd: ", cases[i].subject);
      g_autofree char *base = pinion_mime_base_subject (cases[i].subject);

      g_assert_cmpstr (reply, ==, cases[i].reply);
      g_assert_cmpstr (forward, ==, cases[i].forward);
      g_assert_cmpstr (base, ==, cases[i].base);
    }
}

static void
test_recipients (void)
{
  static const struct
  {
    const char *header;
    const char *reply_to;
    const char *all_to;
    const char *all_cc;
  } cases[] = {
    { "From: a@x.example\nTo: me@example.com", "a@x.example", "a@x.example", "" },
    { "From: a@x.example\nReply-To: r@x.example\nTo: me@example.com", "r@x.example", "r@x.example",
      "" },
    { "From: a@x.example\nTo: ME@example.com, B <b@x.example>\nCc: c@x.example, alias@example.com",
      "a@x.example", "a@x.example, B <b@x.example>", "c@x.example" },
    { "From: a@x.example\nTo: A@x.example, b@x.example\nCc: b@x.example", "a@x.example",
      "a@x.example, b@x.example", "" },
    { "From: me@example.com\nTo: b@x.example\nCc: c@x.example", "b@x.example", "b@x.example",
      "c@x.example" },
    { "From: me@example.com\nTo: me@example.com", "me@example.com", "me@example.com", "" },
    { "From: a@x.example, b@x.example\nTo: me@example.com", "a@x.example, b@x.example",
      "a@x.example, b@x.example", "" },
    { "From: \"Microsoft Exchange\"\nTo: me@example.com", "", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = g_strdup_printf ("%s\n\nx", cases[i].header);
      g_autoptr (PinionMimeMessage) original = test_parse (raw);
      g_autoptr (PinionMimeDraft) reply = NULL;
      g_autoptr (PinionMimeDraft) all = NULL;
      g_autofree char *reply_to = NULL;
      g_autofree char *all_to = NULL;
      g_autofree char *all_cc = NULL;

      reply = pinion_mime_reply_draft (original, PINION_MIME_REPLY, "Me", own);
      all = pinion_mime_reply_draft (original, PINION_MIME_REPLY_ALL, "Me", own);
      reply_to = pinion_mime_address_list_to_string (reply->to);
      all_to = pinion_mime_address_list_to_string (all->to);
      all_cc = pinion_mime_address_list_to_string (all->cc);
      g_assert_cmpstr (reply_to, ==, cases[i].reply_to);
      g_assert_cmpstr (all_to, ==, cases[i].all_to);
      g_assert_cmpstr (all_cc, ==, cases[i].all_cc);
      g_assert_cmpuint (reply->cc->len, ==, 0);
      g_assert_cmpstr (reply->from->address, ==, own[0]);
    }
}

static void
test_references (void)
{
  static const struct
  {
    const char *header;
    const char *in_reply_to;
    const char *references;
  } cases[] = {
    { "Message-ID: <c@x>\nReferences: <a@x> <b@x>", "c@x", "a@x b@x c@x" },
    { "Message-ID: <c@x>\nIn-Reply-To: <b@x>", "c@x", "b@x c@x" },
    { "Message-ID: <c@x>", "c@x", "c@x" },
    { "References: <a@x>", NULL, "a@x" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *raw = g_strdup_printf ("From: a@x.example\n%s\n\nx", cases[i].header);
      g_autoptr (PinionMimeMessage) original = test_parse (raw);
      g_autoptr (PinionMimeDraft) draft = NULL;
      g_autofree char *references = NULL;

      draft = pinion_mime_reply_draft (original, PINION_MIME_REPLY, NULL, own);
      g_ptr_array_add (draft->references, NULL);
      references = g_strjoinv (" ", (char **) draft->references->pdata);
      g_assert_cmpstr (references, ==, cases[i].references);
      g_assert_cmpstr (draft->in_reply_to, ==, cases[i].in_reply_to);
    }
}

static void
test_quoting (void)
{
  g_autoptr (PinionMimeMessage) original = NULL;
  g_autoptr (PinionMimeDraft) draft = NULL;

  original = test_parse ("From: Ana <a@x.example>\nDate: Tue, 3 Mar 2026 10:00:00 +0000\n\n"
                         "Hello\n\n> before\n-- \nSignature");
  draft = pinion_mime_reply_draft (original, PINION_MIME_REPLY, NULL, own);
  g_assert_true (g_str_has_prefix (draft->text, "\n\nOn "));
  g_assert_nonnull (strstr (draft->text, ", Ana wrote:\n"));
  g_assert_true (g_str_has_suffix (draft->text, " wrote:\n> Hello\n>\n>> before\n"));
}

static void
test_quoting_html (void)
{
  g_autoptr (PinionMimeMessage) original = NULL;
  g_autoptr (PinionMimeDraft) draft = NULL;

  original = test_parse ("From: a@x.example\nContent-Type: text/html\n\n"
                         "<p>Rich</p><img src=http://leak.example/x>");
  draft = pinion_mime_reply_draft (original, PINION_MIME_REPLY, NULL, own);
  g_assert_true (g_str_has_suffix (draft->text, "a@x.example wrote:\n> Rich\n"));
  g_assert_null (strstr (draft->text, "leak"));
}

static void
test_forward (void)
{
  g_autoptr (PinionMimeMessage) original = test_parse ("Subject: a/b\nFrom: a@x.example\n\nx");
  g_autoptr (PinionMimeDraft) draft = NULL;
  const PinionMimeAttachment *attachment;

  draft = pinion_mime_forward_draft (original, "/tmp/x.eml", NULL, own[0]);
  g_assert_cmpstr (draft->subject, ==, "Fwd: a/b");
  g_assert_cmpuint (draft->attachments->len, ==, 1);
  attachment = g_ptr_array_index (draft->attachments, 0);
  g_assert_cmpstr (attachment->content_type, ==, "message/rfc822");
  g_assert_cmpstr (attachment->name, ==, "a_b.eml");
  g_assert_cmpuint (draft->to->len, ==, 0);
}

static void
test_copy (void)
{
  g_autoptr (PinionMimeDraft) draft = pinion_mime_draft_new ("Me", own[0]);
  g_autoptr (PinionMimeDraft) copy = NULL;

  g_ptr_array_add (draft->to, pinion_mime_address_new ("A", "a@x.example"));
  g_ptr_array_add (draft->bcc, pinion_mime_address_new (NULL, "b@x.example"));
  g_ptr_array_add (draft->references, g_strdup ("r@x"));
  pinion_mime_draft_attach (draft, "/tmp/x.pdf", NULL, NULL);
  g_set_str (&draft->subject, "S");
  draft->html = g_strdup ("<p>");
  copy = pinion_mime_draft_copy (draft);
  g_assert_cmpstr (copy->subject, ==, "S");
  g_assert_cmpstr (copy->html, ==, "<p>");
  g_assert_cmpuint (copy->to->len, ==, 1);
  g_assert_cmpuint (copy->bcc->len, ==, 1);
  g_assert_cmpuint (copy->references->len, ==, 1);
  g_assert_cmpstr (((PinionMimeAttachment *) g_ptr_array_index (copy->attachments, 0))->name, ==,
                   "x.pdf");
}

static void
test_envelope (void)
{
  g_autoptr (PinionMimeDraft) draft = pinion_mime_draft_new ("Me", own[0]);
  g_auto (GStrv) recipients = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (draft->to, pinion_mime_address_new ("A", "a@bücher.example"));
  g_ptr_array_add (draft->cc, pinion_mime_address_new (NULL, "A@xn--bcher-kva.example"));
  g_ptr_array_add (draft->bcc, pinion_mime_address_new (NULL, "b@x.example"));
  recipients = pinion_mime_draft_dup_recipients (draft, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (recipients), ==, 2);
  g_assert_cmpstr (recipients[0], ==, "a@xn--bcher-kva.example");
  g_assert_cmpstr (recipients[1], ==, "b@x.example");

  g_ptr_array_add (draft->bcc, pinion_mime_address_new (NULL, "b@x.example\r\nRCPT TO:<e@x>"));
  g_assert_null (pinion_mime_draft_dup_recipients (draft, &error));
  g_assert_nonnull (error);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  pinion_mime_init ();

  g_test_add_func ("/mime/draft/subjects", test_subjects);
  g_test_add_func ("/mime/draft/recipients", test_recipients);
  g_test_add_func ("/mime/draft/references", test_references);
  g_test_add_func ("/mime/draft/quoting", test_quoting);
  g_test_add_func ("/mime/draft/quoting-html", test_quoting_html);
  g_test_add_func ("/mime/draft/forward", test_forward);
  g_test_add_func ("/mime/draft/copy", test_copy);
  g_test_add_func ("/mime/draft/envelope", test_envelope);

  return g_test_run ();
}
