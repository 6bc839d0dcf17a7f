/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The names Exchange gives its default folders, by language of the mailbox; sorted by bytes.
 * Keys are folded as pinion_sync_fold_name() does it. */

#include "pinion-sync-roles-private.h"

const PinionFolderName pinion_folder_names[] = {
  { "a enviar", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_PT */
  { "activități", PINION_FOLDER_NOT_MAIL, FALSE }, /* ro */
  { "agenda", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "anotações", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR */
  { "anteckningar", PINION_FOLDER_NOT_MAIL, FALSE }, /* sv */
  { "archief", PINION_FOLDER_ARCHIVE, FALSE }, /* nl */
  { "archiv", PINION_FOLDER_ARCHIVE, FALSE }, /* cs de */
  { "archivar", PINION_FOLDER_ARCHIVE, FALSE }, /* es */
  { "archive", PINION_FOLDER_ARCHIVE, FALSE }, /* en fr */
  { "archives", PINION_FOLDER_ARCHIVE, TRUE }, /* fr */
  { "archivio", PINION_FOLDER_ARCHIVE, FALSE }, /* it */
  { "archivo", PINION_FOLDER_ARCHIVE, FALSE }, /* es */
  { "archiwum", PINION_FOLDER_ARCHIVE, FALSE }, /* pl */
  { "archív", PINION_FOLDER_ARCHIVE, FALSE }, /* sk */
  { "archívum", PINION_FOLDER_ARCHIVE, FALSE }, /* hu */
  { "arhiv", PINION_FOLDER_ARCHIVE, FALSE }, /* sl */
  { "arhiva", PINION_FOLDER_ARCHIVE, FALSE }, /* hr */
  { "arhivă", PINION_FOLDER_ARCHIVE, FALSE }, /* ro */
  { "arkisto", PINION_FOLDER_ARCHIVE, FALSE }, /* fi */
  { "arkiv", PINION_FOLDER_ARCHIVE, FALSE }, /* sv */
  { "arquivo", PINION_FOLDER_ARCHIVE, FALSE }, /* pt_PT */
  { "arquivo morto", PINION_FOLDER_ARCHIVE, FALSE }, /* pt_BR */
  { "arșiv", PINION_FOLDER_ARCHIVE, FALSE }, /* tr */
  { "attività", PINION_FOLDER_NOT_MAIL, FALSE }, /* it */
  { "aufgaben", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "bandeja de salida", PINION_FOLDER_NOT_MAIL, FALSE }, /* es */
  { "bezvrijedna e-pošta", PINION_FOLDER_JUNK, FALSE }, /* hr */
  { "bilješke", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr */
  { "borradores", PINION_FOLDER_DRAFTS, FALSE }, /* es */
  { "borttaget", PINION_FOLDER_TRASH, FALSE }, /* sv */
  { "borttagna objekt", PINION_FOLDER_TRASH, FALSE }, /* sv */
  { "bozze", PINION_FOLDER_DRAFTS, FALSE }, /* it */
  { "boîte d'envoi", PINION_FOLDER_NOT_MAIL, FALSE }, /* fr */
  { "brouillons", PINION_FOLDER_DRAFTS, FALSE }, /* fr */
  { "caixa de saída", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR */
  { "calendar", PINION_FOLDER_NOT_MAIL, FALSE }, /* en ro */
  { "calendario", PINION_FOLDER_NOT_MAIL, FALSE }, /* es it */
  { "calendrier", PINION_FOLDER_NOT_MAIL, FALSE }, /* fr */
  { "calendário", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR pt_PT */
  { "carpetas públicas", PINION_FOLDER_NOT_MAIL, FALSE }, /* es */
  { "cartelle pubbliche", PINION_FOLDER_NOT_MAIL, FALSE }, /* it */
  { "chyby synchronizácie", PINION_FOLDER_NOT_MAIL, FALSE }, /* sk */
  { "ciorne", PINION_FOLDER_DRAFTS, FALSE }, /* ro */
  { "concepten", PINION_FOLDER_DRAFTS, FALSE }, /* nl */
  { "contacte", PINION_FOLDER_NOT_MAIL, FALSE }, /* ro */
  { "contactos", PINION_FOLDER_NOT_MAIL, FALSE }, /* es pt_PT */
  { "contactpersonen", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "contacts", PINION_FOLDER_NOT_MAIL, FALSE }, /* en fr */
  { "contatos", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR */
  { "contatti", PINION_FOLDER_NOT_MAIL, FALSE }, /* it */
  { "conversation action settings", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "conversation history", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "correo no deseado", PINION_FOLDER_JUNK, FALSE }, /* es */
  { "courrier indésirable", PINION_FOLDER_JUNK, FALSE }, /* fr */
  { "cronologia conversazione", PINION_FOLDER_NOT_MAIL, FALSE }, /* it */
  { "deleted", PINION_FOLDER_TRASH, TRUE }, /* en */
  { "deleted items", PINION_FOLDER_TRASH, FALSE }, /* en */
  { "deleted messages", PINION_FOLDER_TRASH, TRUE }, /* en */
  { "denník", PINION_FOLDER_NOT_MAIL, FALSE }, /* sk */
  { "deník", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs */
  { "diario", PINION_FOLDER_NOT_MAIL, FALSE }, /* es it */
  { "diário", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR pt_PT */
  { "dnevnik", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr sl */
  { "dossiers publics", PINION_FOLDER_NOT_MAIL, FALSE }, /* fr */
  { "drafts", PINION_FOLDER_DRAFTS, FALSE }, /* en */
  { "dziennik", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "e-mail de lixo", PINION_FOLDER_JUNK, FALSE }, /* pt_PT */
  { "e-mail nedorit", PINION_FOLDER_JUNK, FALSE }, /* ro */
  { "elemente trimise", PINION_FOLDER_SENT, FALSE }, /* ro */
  { "elemente șterse", PINION_FOLDER_TRASH, FALSE }, /* ro */
  { "elementos eliminados", PINION_FOLDER_TRASH, FALSE }, /* es */
  { "elementos enviados", PINION_FOLDER_SENT, FALSE }, /* es */
  { "elementy usunięte", PINION_FOLDER_TRASH, FALSE }, /* pl */
  { "elementy wysłane", PINION_FOLDER_SENT, FALSE }, /* pl */
  { "elküldött elemek", PINION_FOLDER_SENT, FALSE }, /* hu */
  { "entwürfe", PINION_FOLDER_DRAFTS, FALSE }, /* de */
  { "enviados", PINION_FOLDER_SENT, TRUE }, /* pt_BR */
  { "eșitleme sorunları", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "feladatok", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "feljegyzések", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "fellesmapper", PINION_FOLDER_NOT_MAIL, FALSE }, /* nb nn */
  { "foldere publice", PINION_FOLDER_NOT_MAIL, FALSE }, /* ro */
  { "foldery publiczne", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "gelöschte elemente", PINION_FOLDER_TRASH, FALSE }, /* de */
  { "gelöschte objekte", PINION_FOLDER_TRASH, FALSE }, /* de */
  { "gemensamma mappar", PINION_FOLDER_NOT_MAIL, FALSE }, /* sv */
  { "gereksiz e-posta", PINION_FOLDER_JUNK, FALSE }, /* tr */
  { "gesendet", PINION_FOLDER_SENT, TRUE }, /* de */
  { "gesendete elemente", PINION_FOLDER_SENT, FALSE }, /* de */
  { "gesendete objekte", PINION_FOLDER_SENT, FALSE }, /* de */
  { "giden kutusu", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "gönderilmiș öğeler", PINION_FOLDER_SENT, FALSE }, /* tr */
  { "görevler", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "günlük", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "historial de conversaciones", PINION_FOLDER_NOT_MAIL, FALSE }, /* es */
  { "historique des conversations", PINION_FOLDER_NOT_MAIL, FALSE }, /* fr */
  { "histórico de conversa", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR */
  { "huomautukset", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "infected items", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "itens eliminados", PINION_FOLDER_TRASH, FALSE }, /* pt_PT */
  { "itens enviados", PINION_FOLDER_SENT, FALSE }, /* pt_BR pt_PT */
  { "itens excluídos", PINION_FOLDER_TRASH, FALSE }, /* pt_BR */
  { "izbrisane stavke", PINION_FOLDER_TRASH, FALSE }, /* hr */
  { "izbrisano", PINION_FOLDER_TRASH, FALSE }, /* sl */
  { "javne mape", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr sl */
  { "journaal", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "journal", PINION_FOLDER_NOT_MAIL, FALSE }, /* da de en fr it nb nn pt_BR sv */
  { "junk", PINION_FOLDER_JUNK, TRUE }, /* en */
  { "junk e-mail", PINION_FOLDER_JUNK, FALSE }, /* en */
  { "junk email", PINION_FOLDER_JUNK, FALSE }, /* en */
  { "junk-e-mail", PINION_FOLDER_JUNK, FALSE }, /* de */
  { "jurnal", PINION_FOLDER_NOT_MAIL, FALSE }, /* ro */
  { "kalendar", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr */
  { "kalendarz", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "kalender", PINION_FOLDER_NOT_MAIL, FALSE }, /* da de nb nl nn sv */
  { "kalendár", PINION_FOLDER_NOT_MAIL, FALSE }, /* sk */
  { "kalendář", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs */
  { "kalenteri", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "kimenő levelek", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "kișiler", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "kladd", PINION_FOLDER_DRAFTS, FALSE }, /* nb */
  { "kladdar", PINION_FOLDER_DRAFTS, FALSE }, /* nn */
  { "kladder", PINION_FOLDER_DRAFTS, FALSE }, /* da */
  { "koledar", PINION_FOLDER_NOT_MAIL, FALSE }, /* sl */
  { "koncepty", PINION_FOLDER_DRAFTS, FALSE }, /* cs sk */
  { "kontaktar", PINION_FOLDER_NOT_MAIL, FALSE }, /* nn */
  { "kontakte", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "kontakter", PINION_FOLDER_NOT_MAIL, FALSE }, /* da nb sv */
  { "kontakti", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr */
  { "kontakty", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs pl sk */
  { "levélszemét", PINION_FOLDER_JUNK, FALSE }, /* hu */
  { "lixo electrónico", PINION_FOLDER_JUNK, FALSE }, /* pt_PT */
  { "lixo eletrónico", PINION_FOLDER_JUNK, FALSE }, /* pt_PT */
  { "lixo eletrônico", PINION_FOLDER_JUNK, FALSE }, /* pt_BR */
  { "logboek", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "loki", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "luonnokset", PINION_FOLDER_DRAFTS, FALSE }, /* fi */
  { "lähetetyt", PINION_FOLDER_SENT, FALSE }, /* fi */
  { "lähtevät", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "napló", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "naptár", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "nevyžiadaná pošta", PINION_FOLDER_JUNK, FALSE }, /* sk */
  { "nevyžádaná pošta", PINION_FOLDER_JUNK, FALSE }, /* cs */
  { "neželena e-pošta", PINION_FOLDER_JUNK, FALSE }, /* sl */
  { "notas", PINION_FOLDER_NOT_MAIL, FALSE }, /* es pt_PT */
  { "notat", PINION_FOLDER_NOT_MAIL, FALSE }, /* nn */
  { "notater", PINION_FOLDER_NOT_MAIL, FALSE }, /* nb */
  { "notatki", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "note", PINION_FOLDER_NOT_MAIL, FALSE }, /* it ro */
  { "noter", PINION_FOLDER_NOT_MAIL, FALSE }, /* da */
  { "notes", PINION_FOLDER_NOT_MAIL, FALSE }, /* en fr */
  { "notities", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "notizen", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "notlar", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "nyilvános mappák", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "névjegyek", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "objets envoyés", PINION_FOLDER_SENT, FALSE }, /* fr */
  { "odchozí pošta", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs */
  { "odeslaná pošta", PINION_FOLDER_SENT, FALSE }, /* cs */
  { "odoslaná pošta", PINION_FOLDER_SENT, FALSE }, /* sk */
  { "odpošlji", PINION_FOLDER_NOT_MAIL, FALSE }, /* sl */
  { "odstraněná pošta", PINION_FOLDER_TRASH, FALSE }, /* cs */
  { "odstránené položky", PINION_FOLDER_TRASH, FALSE }, /* sk */
  { "offentlige mapper", PINION_FOLDER_NOT_MAIL, FALSE }, /* da */
  { "ongewenste e-mail", PINION_FOLDER_JUNK, FALSE }, /* nl */
  { "openbare mappen", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "opgaver", PINION_FOLDER_NOT_MAIL, FALSE }, /* da */
  { "opombe", PINION_FOLDER_NOT_MAIL, FALSE }, /* sl */
  { "oppgaver", PINION_FOLDER_NOT_MAIL, FALSE }, /* nb */
  { "oppgåver", PINION_FOLDER_NOT_MAIL, FALSE }, /* nn */
  { "opravila", PINION_FOLDER_NOT_MAIL, FALSE }, /* sl */
  { "ortak klasörler", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "osnutki", PINION_FOLDER_DRAFTS, FALSE }, /* sl */
  { "outbox", PINION_FOLDER_NOT_MAIL, FALSE }, /* en ro */
  { "papierkorb", PINION_FOLDER_TRASH, TRUE }, /* de */
  { "pastas públicas", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR pt_PT */
  { "piszkozatok", PINION_FOLDER_DRAFTS, FALSE }, /* hu */
  { "poistetut", PINION_FOLDER_TRASH, FALSE }, /* fi */
  { "poslana pošta", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr */
  { "poslane stavke", PINION_FOLDER_SENT, FALSE }, /* hr */
  { "poslano", PINION_FOLDER_SENT, FALSE }, /* sl */
  { "posta eliminata", PINION_FOLDER_TRASH, FALSE }, /* it */
  { "posta in uscita", PINION_FOLDER_NOT_MAIL, FALSE }, /* it */
  { "posta indesiderata", PINION_FOLDER_JUNK, FALSE }, /* it */
  { "posta inviata", PINION_FOLDER_SENT, FALSE }, /* it */
  { "postausgang", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "postvak uit", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "postázandó üzenetek", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "poznámky", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs sk */
  { "pošta k odeslání", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs */
  { "pošta na odoslanie", PINION_FOLDER_NOT_MAIL, FALSE }, /* sk */
  { "problemas de sincronización", PINION_FOLDER_NOT_MAIL, FALSE }, /* es */
  { "problemas de sincronização", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR pt_PT */
  { "probleme de sincronizare", PINION_FOLDER_NOT_MAIL, FALSE }, /* ro */
  { "problemi di sincronizzazione", PINION_FOLDER_NOT_MAIL, FALSE }, /* it */
  { "problemi sa sinkronizacijom", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr */
  { "problemy z synchronizacją", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "problèmes de synchronisation", PINION_FOLDER_NOT_MAIL, FALSE }, /* fr */
  { "problémy se synchronizací", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs */
  { "public folders", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "quick contacts", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "quick step settings", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "rascunhos", PINION_FOLDER_DRAFTS, FALSE }, /* pt_BR pt_PT */
  { "recipient cache", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "roskaposti", PINION_FOLDER_JUNK, FALSE }, /* fi */
  { "rss feeds", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "rss subscriptions", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "schițe", PINION_FOLDER_DRAFTS, FALSE }, /* ro */
  { "sende element", PINION_FOLDER_SENT, FALSE }, /* nn */
  { "sendt post", PINION_FOLDER_SENT, FALSE }, /* da */
  { "sendte elementer", PINION_FOLDER_SENT, FALSE }, /* nb */
  { "sent", PINION_FOLDER_SENT, TRUE }, /* en */
  { "sent items", PINION_FOLDER_SENT, FALSE }, /* en */
  { "sent messages", PINION_FOLDER_SENT, TRUE }, /* en */
  { "silinmiș öğeler", PINION_FOLDER_TRASH, FALSE }, /* tr */
  { "skice", PINION_FOLDER_DRAFTS, FALSE }, /* hr */
  { "skickat", PINION_FOLDER_SENT, FALSE }, /* sv */
  { "skrzynka nadawcza", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "skräppost", PINION_FOLDER_JUNK, FALSE }, /* sv */
  { "sletta element", PINION_FOLDER_TRASH, FALSE }, /* nn */
  { "slettede elementer", PINION_FOLDER_TRASH, FALSE }, /* nb */
  { "slettet post", PINION_FOLDER_TRASH, FALSE }, /* da */
  { "spam", PINION_FOLDER_JUNK, TRUE }, /* en */
  { "stiki", PINION_FOLDER_NOT_MAIL, FALSE }, /* sl */
  { "suggested contacts", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "sync issues", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "synchronisatieproblemen", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "synchronisierungsprobleme", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "synkroniseringsproblem", PINION_FOLDER_NOT_MAIL, FALSE }, /* nn sv */
  { "synkroniseringsproblemer", PINION_FOLDER_NOT_MAIL, FALSE }, /* da nb */
  { "synkronointiongelmat", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "szinkronizációs problémák", PINION_FOLDER_NOT_MAIL, FALSE }, /* hu */
  { "søppelpost", PINION_FOLDER_JUNK, FALSE }, /* nb nn */
  { "taken", PINION_FOLDER_NOT_MAIL, FALSE }, /* nl */
  { "takvim", PINION_FOLDER_NOT_MAIL, FALSE }, /* tr */
  { "tareas", PINION_FOLDER_NOT_MAIL, FALSE }, /* es */
  { "tarefas", PINION_FOLDER_NOT_MAIL, FALSE }, /* pt_BR pt_PT */
  { "tasks", PINION_FOLDER_NOT_MAIL, FALSE }, /* en */
  { "taslaklar", PINION_FOLDER_DRAFTS, FALSE }, /* tr */
  { "tehtävät", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "težave s sinhronizacijo", PINION_FOLDER_NOT_MAIL, FALSE }, /* sl */
  { "trash", PINION_FOLDER_TRASH, TRUE }, /* en */
  { "tâches", PINION_FOLDER_NOT_MAIL, FALSE }, /* fr */
  { "törölt elemek", PINION_FOLDER_TRASH, FALSE }, /* hu */
  { "udbakke", PINION_FOLDER_NOT_MAIL, FALSE }, /* da */
  { "unterhaltungsverlauf", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "uppgifter", PINION_FOLDER_NOT_MAIL, FALSE }, /* sv */
  { "utboks", PINION_FOLDER_NOT_MAIL, FALSE }, /* nb nn */
  { "utkast", PINION_FOLDER_DRAFTS, FALSE }, /* sv */
  { "utkorg", PINION_FOLDER_NOT_MAIL, FALSE }, /* sv */
  { "uønsket e-mail", PINION_FOLDER_JUNK, FALSE }, /* da */
  { "uønsket mail", PINION_FOLDER_JUNK, FALSE }, /* da */
  { "verejné priečinky", PINION_FOLDER_NOT_MAIL, FALSE }, /* sk */
  { "verwijderde items", PINION_FOLDER_TRASH, FALSE }, /* nl */
  { "verzonden items", PINION_FOLDER_SENT, FALSE }, /* nl */
  { "veřejné složky", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs */
  { "wersje robocze", PINION_FOLDER_DRAFTS, FALSE }, /* pl */
  { "wiadomości-śmieci", PINION_FOLDER_JUNK, FALSE }, /* pl */
  { "yhteystiedot", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "yleiset kansiot", PINION_FOLDER_NOT_MAIL, FALSE }, /* fi */
  { "zadaci", PINION_FOLDER_NOT_MAIL, FALSE }, /* hr */
  { "zadania", PINION_FOLDER_NOT_MAIL, FALSE }, /* pl */
  { "éléments envoyés", PINION_FOLDER_SENT, FALSE }, /* fr */
  { "éléments supprimés", PINION_FOLDER_TRASH, FALSE }, /* fr */
  { "öffentliche ordner", PINION_FOLDER_NOT_MAIL, FALSE }, /* de */
  { "úlohy", PINION_FOLDER_NOT_MAIL, FALSE }, /* cs sk */
  { "ανεπιθύμητα email", PINION_FOLDER_JUNK, FALSE }, /* el */
  { "ανεπιθύμητη αλληλογραφία", PINION_FOLDER_JUNK, FALSE }, /* el */
  { "απεσταλμένα", PINION_FOLDER_SENT, FALSE }, /* el */
  { "αρχειοθήκη", PINION_FOLDER_ARCHIVE, FALSE }, /* el */
  { "δημόσιοι φάκελοι", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "διαγραμμένα", PINION_FOLDER_TRASH, FALSE }, /* el */
  { "εξερχόμενα", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "επαφέσ", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "εργασίεσ", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "ημερολόγιο", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "θέματα συγχρονισμού", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "πρόχειρα", PINION_FOLDER_DRAFTS, FALSE }, /* el */
  { "σημειώσεισ", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "χρονικό", PINION_FOLDER_NOT_MAIL, FALSE }, /* el */
  { "архив", PINION_FOLDER_ARCHIVE, FALSE }, /* bg ru */
  { "архів", PINION_FOLDER_ARCHIVE, FALSE }, /* uk */
  { "бележки", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg */
  { "видалені", PINION_FOLDER_TRASH, FALSE }, /* uk */
  { "вихідні", PINION_FOLDER_NOT_MAIL, FALSE }, /* uk */
  { "дневник", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg */
  { "журнал", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru uk */
  { "журнал бесед", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "завдання", PINION_FOLDER_NOT_MAIL, FALSE }, /* uk */
  { "загальнодоступні папки", PINION_FOLDER_NOT_MAIL, FALSE }, /* uk */
  { "задачи", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg ru */
  { "заметки", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "изпратени елементи", PINION_FOLDER_SENT, FALSE }, /* bg */
  { "изтрити елементи", PINION_FOLDER_TRASH, FALSE }, /* bg */
  { "изходящи", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg */
  { "исходящие", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "календар", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg uk */
  { "календарь", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "контакти", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg uk */
  { "контакты", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "надіслані", PINION_FOLDER_SENT, FALSE }, /* uk */
  { "небажана пошта", PINION_FOLDER_JUNK, FALSE }, /* uk */
  { "нежелана поща", PINION_FOLDER_JUNK, FALSE }, /* bg */
  { "нежелательная почта", PINION_FOLDER_JUNK, FALSE }, /* ru */
  { "нотатки", PINION_FOLDER_NOT_MAIL, FALSE }, /* uk */
  { "общедоступные папки", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "отправленные", PINION_FOLDER_SENT, FALSE }, /* ru */
  { "ошибки синхронизации", PINION_FOLDER_NOT_MAIL, FALSE }, /* ru */
  { "помилки синхронізації", PINION_FOLDER_NOT_MAIL, FALSE }, /* uk */
  { "проблеми при синхронизиране", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg */
  { "публични папки", PINION_FOLDER_NOT_MAIL, FALSE }, /* bg */
  { "удаленные", PINION_FOLDER_TRASH, FALSE }, /* ru */
  { "чернетки", PINION_FOLDER_DRAFTS, FALSE }, /* uk */
  { "чернови", PINION_FOLDER_DRAFTS, FALSE }, /* bg */
  { "черновики", PINION_FOLDER_DRAFTS, FALSE }, /* ru */
  { "אנשי קשר", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "ארכיון", PINION_FOLDER_ARCHIVE, FALSE }, /* he */
  { "בעיות סינכרון", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "דואר זבל", PINION_FOLDER_JUNK, FALSE }, /* he */
  { "הערות", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "טיוטות", PINION_FOLDER_DRAFTS, FALSE }, /* he */
  { "יומן", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "לוח שנה", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "משימות", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "פריטים שנמחקו", PINION_FOLDER_TRASH, FALSE }, /* he */
  { "פריטים שנשלחו", PINION_FOLDER_SENT, FALSE }, /* he */
  { "תיבת דואר יוצא", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "תיקיות ציבוריות", PINION_FOLDER_NOT_MAIL, FALSE }, /* he */
  { "أرشيف", PINION_FOLDER_ARCHIVE, FALSE }, /* ar */
  { "الأرشيف", PINION_FOLDER_ARCHIVE, FALSE }, /* ar */
  { "البريد الإلكتروني غير الهام", PINION_FOLDER_JUNK, FALSE }, /* ar */
  { "التقويم", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "العناصر المحذوفة", PINION_FOLDER_TRASH, FALSE }, /* ar_SA */
  { "العناصر المرسلة", PINION_FOLDER_SENT, FALSE }, /* ar_SA */
  { "المسودات", PINION_FOLDER_DRAFTS, FALSE }, /* ar_SA */
  { "الملاحظات", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "المهام", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "بريد إلكتروني غير هام", PINION_FOLDER_JUNK, FALSE }, /* ar_SA */
  { "جهات الاتصال", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "دفتر يومية", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "علبة الصادر", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "مجلدات عمومية", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "مشاكل في المزامنة", PINION_FOLDER_NOT_MAIL, FALSE }, /* ar_SA */
  { "アーカイブ", PINION_FOLDER_ARCHIVE, FALSE }, /* ja */
  { "カレンダー", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "ジャーナル", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "タスク", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "パブリック フォルダー", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "メモ", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "下書き", PINION_FOLDER_DRAFTS, FALSE }, /* ja */
  { "予定表", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "交談歷程記錄", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "任务", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "会話の履歴", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "会话历史", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "便笺", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "公用文件夹", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "公用資料夾", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "刪除的郵件", PINION_FOLDER_TRASH, FALSE }, /* zh_TW */
  { "削除済みアイテム", PINION_FOLDER_TRASH, FALSE }, /* ja */
  { "发件箱", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "同期の問題", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "同步問題", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "同步问题", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "垃圾邮件", PINION_FOLDER_JUNK, FALSE }, /* zh_CN */
  { "垃圾郵件", PINION_FOLDER_JUNK, FALSE }, /* zh_TW */
  { "存档", PINION_FOLDER_ARCHIVE, FALSE }, /* zh_CN */
  { "寄件備份", PINION_FOLDER_SENT, FALSE }, /* zh_TW */
  { "寄件匣", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "封存", PINION_FOLDER_ARCHIVE, FALSE }, /* zh_TW */
  { "履歴", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "工作", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "已删除邮件", PINION_FOLDER_TRASH, FALSE }, /* zh_CN */
  { "已刪除項目", PINION_FOLDER_TRASH, FALSE }, /* zh_TW */
  { "已发送邮件", PINION_FOLDER_SENT, FALSE }, /* zh_CN */
  { "日历", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "日誌", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "日记", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "联系人", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_CN */
  { "草稿", PINION_FOLDER_DRAFTS, FALSE }, /* zh_CN zh_TW */
  { "行事曆", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "記事", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "迷惑メール", PINION_FOLDER_JUNK, FALSE }, /* ja */
  { "送信トレイ", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "送信済みアイテム", PINION_FOLDER_SENT, FALSE }, /* ja */
  { "連絡人", PINION_FOLDER_NOT_MAIL, FALSE }, /* zh_TW */
  { "連絡先", PINION_FOLDER_NOT_MAIL, FALSE }, /* ja */
  { "공용 폴더", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "대화 기록", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "동기화 문제", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "메모", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "보관", PINION_FOLDER_ARCHIVE, FALSE }, /* ko */
  { "보낸 편지함", PINION_FOLDER_SENT, FALSE }, /* ko */
  { "보낼 편지함", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "업무 일지", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "연락처", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "일정", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "임시 보관함", PINION_FOLDER_DRAFTS, FALSE }, /* ko */
  { "작업", PINION_FOLDER_NOT_MAIL, FALSE }, /* ko */
  { "정크 메일", PINION_FOLDER_JUNK, FALSE }, /* ko */
  { "지운 편지함", PINION_FOLDER_TRASH, FALSE }, /* ko */
};

const guint pinion_n_folder_names = G_N_ELEMENTS (pinion_folder_names);
