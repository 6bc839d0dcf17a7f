# SPDX-License-Identifier: GPL-3.0-or-later
"""What Exchange calls the default folders, by the language the mailbox was made in.

A line each: Sent, Deleted, Drafts, Junk, Archive; then Outbox, Calendar and Contacts, which hold no
mail. "-" where that language's Exchange is not known to make the folder.
"""

NAMES = """
en: Sent Items; Deleted Items; Drafts; Junk Email; Archive; Outbox; Calendar; Contacts
de: Gesendete Elemente; Gelöschte Elemente; Entwürfe; Junk-E-Mail; Archiv; Postausgang; Kalender; Kontakte
fr: Éléments envoyés; Éléments supprimés; Brouillons; Courrier indésirable; Archive; Boîte d'envoi; Calendrier; Contacts
es: Elementos enviados; Elementos eliminados; Borradores; Correo no deseado; Archivar; Bandeja de salida; Calendario; Contactos
it: Posta inviata; Posta eliminata; Bozze; Posta indesiderata; Archivio; Posta in uscita; Calendario; Contatti
pt_BR: Itens Enviados; Itens Excluídos; Rascunhos; Lixo Eletrônico; Arquivo Morto; Caixa de Saída; Calendário; Contatos
pt_PT: Itens Enviados; Itens Eliminados; Rascunhos; E-mail de Lixo; -; A Enviar; Calendário; Contactos
nl: Verzonden items; Verwijderde items; Concepten; Ongewenste e-mail; -; Postvak UIT; Agenda; Contactpersonen
pl: Elementy wysłane; Elementy usunięte; Wersje robocze; Wiadomości-śmieci; -; Skrzynka nadawcza; Kalendarz; Kontakty
sv: Skickat; Borttagna objekt; Utkast; Skräppost; -; Utkorg; Kalender; Kontakter
nb: Sendte elementer; Slettede elementer; Kladd; Søppelpost; -; Utboks; Kalender; Kontakter
nn: Sende element; Sletta element; Kladdar; Søppelpost; -; Utboks; Kalender; Kontaktar
da: Sendt post; Slettet post; Kladder; Uønsket mail; -; Udbakke; Kalender; Kontakter
fi: Lähetetyt; Poistetut; Luonnokset; Roskaposti; -; Lähtevät; Kalenteri; Yhteystiedot
cs: Odeslaná pošta; Odstraněná pošta; Koncepty; Nevyžádaná pošta; -; Odchozí pošta; Kalendář; Kontakty
sk: Odoslaná pošta; Odstránené položky; Koncepty; Nevyžiadaná pošta; -; Pošta na odoslanie; Kalendár; Kontakty
ru: Отправленные; Удаленные; Черновики; Нежелательная почта; Архив; Исходящие; Календарь; Контакты
uk: Надіслані; Видалені; Чернетки; Небажана пошта; -; Вихідні; Календар; Контакти
bg: Изпратени елементи; Изтрити елементи; Чернови; Нежелана поща; -; Изходящи; Календар; Контакти
tr: Gönderilmiş Öğeler; Silinmiş Öğeler; Taslaklar; Gereksiz E-posta; -; Giden Kutusu; Takvim; Kişiler
el: Απεσταλμένα; Διαγραμμένα; Πρόχειρα; Ανεπιθύμητα email; -; Εξερχόμενα; Ημερολόγιο; Επαφές
hu: Elküldött elemek; Törölt elemek; Piszkozatok; Levélszemét; -; Kimenő levelek; Naptár; Névjegyek
ro: Elemente trimise; Elemente şterse; Schiţe; E-mail nedorit; -; Outbox; Calendar; Contacte
hr: Poslane stavke; Izbrisane stavke; Skice; Bezvrijedna e-pošta; -; Poslana pošta; Kalendar; Kontakti
sl: Poslano; Izbrisano; Osnutki; Neželena e-pošta; -; Odpošlji; Koledar; Stiki
ja: 送信済みアイテム; 削除済みアイテム; 下書き; 迷惑メール; アーカイブ; 送信トレイ; 予定表; 連絡先
zh_CN: 已发送邮件; 已删除邮件; 草稿; 垃圾邮件; 存档; 发件箱; 日历; 联系人
zh_TW: 寄件備份; 刪除的郵件; 草稿; 垃圾郵件; 封存; 寄件匣; 行事曆; 連絡人
ko: 보낸 편지함; 지운 편지함; 임시 보관함; 정크 메일; 보관; 보낼 편지함; 일정; 연락처
ar_SA: العناصر المرسلة; العناصر المحذوفة; المسودات; بريد إلكتروني غير هام; -; علبة الصادر; التقويم; جهات الاتصال
he: פריטים שנשלחו; פריטים שנמחקו; טיוטות; דואר זבל; -; תיבת דואר יוצא; לוח שנה; אנשי קשר
"""
ROLES = ("sent", "trash", "drafts", "junk", "archive", None, None, None)


def languages():
    """(language, {name: role or None}) of each; roles of None are folders to hide."""
    for line in NAMES.strip().splitlines():
        language, _, names = line.partition(": ")
        yield language, {name: role for name, role in zip(names.split("; "), ROLES) if name != "-"}
