using System.Text;
using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class MailTests
{
    [Theory]
    [InlineData("attachment; filename=\"a;b.pdf\"", "a;b.pdf")]
    [InlineData("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf")]
    [InlineData("attachment; filename*0*=iso-8859-1''Gr%FC; filename*1=\"ss e.pdf\"", "Grüss e.pdf")]
    [InlineData("attachment; filename=\"=?UTF-8?B?R3LDvMOfZQ==?=\"", "Grüße")]
    [InlineData("attachment; filename=plain.txt", "plain.txt")]
    [InlineData("attachment", null)]
    public void Find_FileName_InEveryCoding(string header, string? expected) => EmailParameter.Find(header, "filename").ShouldBe(expected);

    [Fact]
    public void Read_Attachments_WithoutPicturesOfTheText()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Mail(
                ("Content-Type: text/plain", "Body"),
                ("Content-Type: image/png; name=logo.png\nContent-Disposition: inline; filename=logo.png\nContent-ID: <x>", "logo"),
                ("Content-Type: application/pdf\nContent-Disposition: attachment; filename=../offer.pdf\nContent-Transfer-Encoding: base64", Convert.ToBase64String("pdf"u8)),
                ("Content-Type: message/rfc822", "Subject: Inner\nFrom: a@b.c\n\nText")));
            var found = MailAttachments.Read(path, ContentType.Email).ToList();
            found.Select(one => (one.Part, one.Name, Words(one))).ShouldBe([(1, "../offer.pdf", "pdf"), (2, "Inner.eml", "Subject: Inner\nFrom: a@b.c\n\nText")]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Read_FoldedAndEncodedHeaders_AreReadable()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.eml", Zips.Bytes("From: =?iso-8859-1?Q?J=FCrgen?=\r\n =?iso-8859-1?Q?_M=FCller?= <j@e.org>\r\nTo: b@e.org\r\nSubject: a long\r\n\tsubject\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Gr&uuml;&szlig;e <script>x</script></p>"));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("From: Jürgen Müller <j@e.org>\nTo: b@e.org\nSubject: a long subject\n\nGrüße");
        bench.Lines.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Read_MailLargerThanAnyText_IsReadForItsTextIsSmall()
    {
        using var bench = await ReadingBench.Create();
        bench.Options.MaxTextBytes = 1 << 20;
        var content = new byte[3 << 20];
        new Random(5).NextBytes(content);
        var mail = Mail(("Content-Type: text/plain", "Small words"), ("Content-Type: application/zip\nContent-Disposition: attachment; filename=a.zip\nContent-Transfer-Encoding: base64", Convert.ToBase64String(content, Base64FormattingOptions.InsertLineBreaks)));

        var reading = await bench.Read("a.eml", Encoding.ASCII.GetBytes(mail));

        reading.Pages.ShouldHaveSingleItem().Text.ShouldEndWith("Small words\n\n[a.zip]");
        OnDisk(Encoding.ASCII.GetBytes(mail), path => Content(MailAttachments.Read(path, ContentType.Email).ShouldHaveSingleItem()).ShouldBe(content));
        (await bench.Read("b.eml", Encoding.ASCII.GetBytes(Mail(("Content-Type: text/plain", new string('x', 2 << 20)))))).Reason!.Key.ShouldBe("TextTooLarge");
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Scan_NestedContainers_GiveTheirLeavesInOrder(string line)
    {
        var inner = "--xx1\nContent-Type: text/plain\n\none\ntwo\n--xx1\nContent-Type: text/html\n\n<p>two\n--xx1--\nbehind\n";
        var mail = ("Subject: a\nContent-Type: multipart/mixed; boundary=xx\n\nbefore\n--xx\nContent-Type: multipart/alternative; boundary=\"xx1\"\n\n" + inner + "--xx \nContent-Type: text/plain; name=c.txt\n\nthree\n--xx--\n--xx\n\nnever").Replace("\n", line);
        OnDisk(Encoding.ASCII.GetBytes(mail), path =>
        {
            var (root, leaves) = EmailScan.Read(path);
            root.Header("Subject").ShouldBe("a");
            leaves.Select(leaf => (leaf.MediaType, leaf.Text())).ShouldBe([("text/plain", "one\ntwo"), ("text/html", "<p>two"), ("text/plain", "three")]);
        });
    }

    private static void OnDisk(byte[] mail, Action<string> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, mail);
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Words(MailAttachment attachment) => Encoding.UTF8.GetString(Content(attachment));

    internal static byte[] Content(MailAttachment attachment)
    {
        using var bytes = new MemoryStream();
        using (var content = attachment.Open()) content.CopyTo(bytes);
        return bytes.ToArray();
    }

    internal static string Mail(params (string Head, string Body)[] parts) =>
        "From: a@example.org\nTo: b@example.org\nSubject: Offer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"xx\"\n\n" + string.Concat(parts.Select(part => $"--xx\n{part.Head}\n\n{part.Body}\n")) + "--xx--\n";
}
