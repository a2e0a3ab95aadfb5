using System.Net;
using System.Net.Sockets;
using System.Text;
using BlazorAdmin.Features.Mail;

namespace BlazorAdmin.Tests.Features.Mail;

public sealed class SmtpConversationTests
{
    private static readonly MailParts Parts = new("Grüße aus dem Portal", "Hallo\n.eine Zeile mit Punkt\n", "<p>Hallo</p>\n");

    [MailServerFact]
    public async Task Send_PlainServer_TakesTheMail()
    {
        await using var server = await TestMailServer.StartAsync();

        (await SendAsync(server.Options())).ShouldContain("Taken as number 1");

        await Eventually.Holds(() => server.Taken.Count == 1);
        server.Taken.TryDequeue(out var mail).ShouldBeTrue();
        mail!.From.ShouldBe("portal@example.org");
        mail.To.ShouldBe(["grace@example.org"]);
        mail.Bodies.ShouldBe([Parts.Text.ReplaceLineEndings("\r\n"), Parts.Html.ReplaceLineEndings("\r\n")]);
        mail.Headers.ShouldContain("Subject: =?utf-8?B?");
        mail.Headers.ShouldContain("Message-ID: <");
    }

    [MailServerFact]
    public async Task Send_StartTlsAndSignIn_AreUsed()
    {
        await using var server = await TestMailServer.StartAsync(MailSecurity.StartTls, "portal", "s3cret phrase");
        var steps = new List<SmtpStep>();

        await SendAsync(Trusting(server, MailSecurity.StartTls, "s3cret phrase"), told: steps.Add);

        await Eventually.Holds(() => server.Taken.Count == 1);
        server.Taken.TryDequeue(out var mail).ShouldBeTrue();
        (mail!.Tls, mail.User).ShouldBe((true, "portal"));
        steps.Where(s => s.Took is not null).Select(s => s.Stage).ShouldBe(
            [SmtpStage.Resolve, SmtpStage.Connect, SmtpStage.Greeting, SmtpStage.Hello, SmtpStage.Encrypt, SmtpStage.Hello, SmtpStage.SignIn, SmtpStage.Sender, SmtpStage.Recipient, SmtpStage.Content, SmtpStage.Quit]);
        steps.ShouldNotContain(s => s.Answer != null && s.Answer.Contains("s3cret", StringComparison.Ordinal));
    }

    [MailServerFact]
    public async Task Send_TlsFromTheFirstByte_IsUsed()
    {
        await using var server = await TestMailServer.StartAsync(MailSecurity.Tls);
        (await SendAsync(Trusting(server, MailSecurity.Tls, null))).ShouldContain("Taken");
    }

    [MailServerFact]
    public async Task Open_WrongPassword_SaysSoAndIsNotFinal()
    {
        await using var server = await TestMailServer.StartAsync(MailSecurity.StartTls, "portal", "right");

        var failure = await FailsAsync(Trusting(server, MailSecurity.StartTls, "wrong"));

        (failure.Stage, failure.Fault, failure.Code, failure.IsFinal).ShouldBe((SmtpStage.SignIn, MailFault.Refused, 535, false));
    }

    [MailServerFact]
    public async Task Open_AuthorityIsNotTrusted_NamesItAndTheRemedy()
    {
        await using var server = await TestMailServer.StartAsync(MailSecurity.StartTls);

        var failure = await FailsAsync(server.Options(o => o.Security = MailSecurity.StartTls));

        (failure.Stage, failure.Fault).ShouldBe((SmtpStage.Encrypt, MailFault.Certificate));
        failure.Message.ShouldContain("Authority of the tests");
        failure.Message.ShouldContain("Mail:AuthorityFile");
        server.Taken.ShouldBeEmpty();
    }

    [MailServerFact]
    public async Task Open_CertificateOfAnotherName_NamesBoth()
    {
        await using var server = await TestMailServer.StartAsync(MailSecurity.StartTls, certificateFor: "elsewhere.example.org");

        var failure = await FailsAsync(Trusting(server, MailSecurity.StartTls, null));

        failure.Fault.ShouldBe(MailFault.Certificate);
        failure.Message.ShouldBe("The certificate is for elsewhere.example.org, not for localhost.");
    }

    [MailServerFact]
    public async Task Open_StartTlsWantedAndNotOffered_SendsNothing()
    {
        await using var server = await TestMailServer.StartAsync();
        (await FailsAsync(server.Options(o => o.Security = MailSecurity.StartTls))).Fault.ShouldBe(MailFault.NoTls);
        server.Taken.ShouldBeEmpty();
    }

    [MailServerFact]
    public async Task Send_RecipientDoesNotExist_IsFinalAndBlamesTheMailbox()
    {
        await using var server = await TestMailServer.StartAsync();

        var failure = await FailsAsync(server.Options(), "gone@example.org");
        (failure.Stage, failure.Code, failure.IsFinal, failure.BlamesMailbox).ShouldBe((SmtpStage.Recipient, 550, true, true));

        var policy = await FailsAsync(server.Options(), "policy@example.org");
        (policy.IsFinal, policy.BlamesMailbox).ShouldBe((true, false), "a refusal by policy says nothing about the mailbox");

        var busy = await FailsAsync(server.Options(), "busy@example.org");
        (busy.Code, busy.IsFinal).ShouldBe((451, false));
    }

    [MailServerFact]
    public async Task Send_ServerStalls_EndsAfterTheStepsOwnTime()
    {
        await using var server = await TestMailServer.StartAsync();

        var failure = await FailsAsync(server.Options(o => o.AnswerSeconds = 5), "stall@example.org");

        await Eventually.Holds(() => server.Stalled.Count == 1);
        (failure.Stage, failure.Fault, failure.IsFinal).ShouldBe((SmtpStage.Recipient, MailFault.NoAnswer, false));
        failure.Message.ShouldContain("did not answer within 5 s");
    }

    [MailServerFact]
    public async Task Send_ConnectionDropsInTheContent_IsTriedAgain()
    {
        await using var server = await TestMailServer.StartAsync();
        var failure = await FailsAsync(server.Options(), "drop@example.org");
        (failure.Stage, failure.Fault, failure.IsFinal).ShouldBe((SmtpStage.Content, MailFault.Dropped, false));
    }

    [Fact]
    public async Task Open_NobodyThere_SaysWhichStepFailed()
    {
        // Nobody may take this port by chance.
        var failure = await FailsAsync(new MailOptions { Host = "127.0.0.1", Port = 1, Security = MailSecurity.None, From = "portal@example.org" });

        (failure.Stage, failure.Fault).ShouldBe((SmtpStage.Connect, MailFault.Unreachable));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("224.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    public async Task Open_AddressWhereMailNeverLives_IsNotCalled(string host)
    {
        var failure = await FailsAsync(new MailOptions { Host = host, Port = 25, Security = MailSecurity.None, From = "portal@example.org" });
        (failure.Stage, failure.Fault).ShouldBe((SmtpStage.Resolve, MailFault.AddressNotAllowed));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", MailFault.NotSmtp)]
    [InlineData("220 hello\r\n250-first\r\n250 STARTTLS\r\n220 go\r\n250 in the clear\r\n", MailFault.NotSmtp)]
    [InlineData("220 hello\r\n354 go on\r\n", MailFault.Refused)]
    [InlineData("554 no service for you\r\n", MailFault.Refused)]
    [InlineData("", MailFault.Dropped)]
    public async Task Open_StrangeAnswers_AreUnderstood(string answers, MailFault expected)
    {
        var failure = await AgainstAsync(answers, port => FailsAsync(new MailOptions { Host = "127.0.0.1", Port = port, Security = MailSecurity.StartTls, From = "portal@example.org" }));
        failure.Fault.ShouldBe(expected);
    }

    [Theory]
    [InlineData("535 5.7.8 Refused: AUTH PLAIN AHBvcnRhbABzM2NyZXQ=\r\n", "535 5.7.8")]
    [InlineData("535 s3cret is wrong\r\n", "535")]
    [InlineData("334 AHBvcnRhbABzM2NyZXQ=\r\n", "334")]
    [InlineData("235 2.7.0 AHBvcnRhbABzM2NyZXQ= is welcome\r\n554 5.3.2 Closed\r\n", "235 2.7.0")]
    public async Task Open_ServerRepeatsTheSignIn_OnlyCodeAndStatusAreKept(string answer, string kept)
    {
        var steps = new List<SmtpStep>();

        var failure = await AgainstAsync($"220 hello\r\n250-here\r\n250 AUTH PLAIN\r\n{answer}", port => Should.ThrowAsync<MailServerException>(() => SendAsync(
            new MailOptions { Host = "127.0.0.1", Port = port, Security = MailSecurity.None, UserName = "portal", Password = "s3cret", From = "portal@example.org" }, told: steps.Add)));

        steps.Single(s => s is { Stage: SmtpStage.SignIn, Took: not null }).Answer.ShouldBe(kept);
        string.Join('\n', steps.Select(s => $"{s.Answer} {s.Failure?.Message} {s.Failure?.Detail}").Append(failure.ToString())).ShouldSatisfyAllConditions(t => t.ShouldNotContain("s3cret"), t => t.ShouldNotContain("AHBvcnRh"));
    }

    [Fact]
    public async Task Connect_FirstAddressIsDead_LeavesTimeForTheNext()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        // Takes one connection into its queue and lets the others wait without an answer.
        using var dead = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        dead.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
        dead.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Parse("127.0.0.2"), port, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        using var socket = await SmtpAddresses.ConnectAsync([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback], port, TimeSpan.FromSeconds(10), TimeProvider.System, default).WaitAsync(TimeSpan.FromSeconds(60));

        ((IPEndPoint)socket.RemoteEndPoint!).Address.ShouldBe(IPAddress.Loopback);
    }

    /// <summary>Acts on a server that says <paramref name="answers"/> whatever it hears.</summary>
    private static async Task<T> AgainstAsync<T>(string answers, Func<int, Task<T>> act)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var understood = new TaskCompletionSource();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answers));
            client.Client.Shutdown(SocketShutdown.Send);
            await understood.Task;
        });
        try
        {
            return await act(((IPEndPoint)listener.LocalEndpoint).Port);
        }
        finally
        {
            understood.SetResult();
            await served;
        }
    }

    private static MailOptions Trusting(TestMailServer server, MailSecurity security, string? password) => server.Options(o =>
    {
        (o.Security, o.AuthorityFile) = (security, server.AuthorityFile);
        if (password is not null) (o.UserName, o.Password) = ("portal", password);
    });

    private static async Task<string> SendAsync(MailOptions options, string to = "grace@example.org", Action<SmtpStep>? told = null)
    {
        await using var conversation = new SmtpConversation(options, TimeProvider.System, told);
        await conversation.OpenAsync(default);
        var answer = await conversation.SendAsync(options.From!, to, MimeMail.Write(Guid.NewGuid(), options.From!, options.FromName, to, "Grace", Parts, DateTimeOffset.UtcNow), default);
        await conversation.QuitAsync(default);
        return answer;
    }

    private static Task<MailServerException> FailsAsync(MailOptions options, string to = "grace@example.org") => Should.ThrowAsync<MailServerException>(() => SendAsync(options, to));
}
