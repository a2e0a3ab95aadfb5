using System.Text;
using BlazorAdmin.Features.Users;

namespace BlazorAdmin.Tests.Features.Users;

public sealed class UserImportFileTests
{
    private const string Text = "Anzeigename;E-Mail;Rollen;Abteilung\r\n\"Müller; Jörg\";joerg@example.org;\"Member, Editor\";A\r\nGrace Hopper;grace@example.org;;B\r\n";

    public static TheoryData<string> Encodings() => ["utf-8", "utf-8 with mark", "utf-16", "utf-16 without mark", "utf-16 be", "windows-1252"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Read_EachEncoding_GivesTheSamePeople(string encoding)
    {
        var file = UserImportFile.Read(Encode(encoding));

        file.Fault.ShouldBe(ImportFault.None);
        file.Ignored.ShouldBe(["Abteilung"]);
        file.Rows.Select(r => (r.Line, r.Name, r.Email)).ShouldBe([(2, "Müller; Jörg", "joerg@example.org"), (3, "Grace Hopper", "grace@example.org")]);
        file.Rows[0].Roles.ShouldBe(["Member", "Editor"]);
        file.Rows[1].Roles.ShouldBeNull("nothing is said of them");
    }

    [Theory]
    [InlineData(",")]
    [InlineData(";")]
    [InlineData("\t")]
    public void Read_EachSeparator_FindsTheColumnsInAnyOrder(string separator)
    {
        var file = UserImportFile.Read(Encoding.UTF8.GetBytes($"email{separator}Roles{separator}name\nx@example.org{separator}Editor|Support{separator}\"Two \"\"Q\"\" lines\n2\"\n"));

        var row = file.Rows.ShouldHaveSingleItem();
        (row.Name, row.Email).ShouldBe(("Two \"Q\" lines\n2", "x@example.org"));
        row.Roles.ShouldBe(["Editor", "Support"]);
    }

    [Fact]
    public void Read_WhatAnExportNeutralised_IsAsItWas()
    {
        var row = UserImportFile.Read("Name,E-mail\n'=1+2,a@example.org\n'quoted',b@example.org\n"u8.ToArray()).Rows;

        row.Select(r => r.Name).ShouldBe(["=1+2", "'quoted'"]);
    }

    [Theory]
    [InlineData("", ImportFault.Empty)]
    [InlineData("Name,E-mail\n", ImportFault.Empty)]
    [InlineData("Who,Where\nx,y\n", ImportFault.ColumnsMissing)]
    [InlineData("Name,E-mail\n\"never closed,x@example.org\n", ImportFault.Malformed)]
    public void Read_Wrong_SaysWhy(string text, ImportFault fault) => UserImportFile.Read(Encoding.UTF8.GetBytes(text)).Fault.ShouldBe(fault);

    [Fact]
    public void Read_TooMuch_IsRefused()
    {
        UserImportFile.Read(new byte[UserImportFile.MaxBytes + 1]).Fault.ShouldBe(ImportFault.TooLarge);
        var many = new StringBuilder("Name,E-mail\n");
        for (var i = 0; i < UserImportFile.MaxRows; i++) many.Append("N,n").Append(i).Append("@example.org\n");
        UserImportFile.Read(Encoding.UTF8.GetBytes(many.ToString())).Rows.Count.ShouldBe(UserImportFile.MaxRows);
        UserImportFile.Read(Encoding.UTF8.GetBytes(many.Append("N,one-more@example.org\n").ToString())).Fault.ShouldBe(ImportFault.TooManyRows);
    }

    private static byte[] Encode(string encoding) => encoding switch
    {
        "utf-8" => Encoding.UTF8.GetBytes(Text),
        "utf-8 with mark" => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Text)],
        "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Text)],
        "utf-16 without mark" => Encoding.Unicode.GetBytes(Text),
        "utf-16 be" => [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Text)],
        _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(Text),
    };
}
