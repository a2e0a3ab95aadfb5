using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BlazorAdmin.Features.Directories;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>A process with a real OpenLDAP server on free ports of this machine, with a tree of its own.</summary>
public sealed class TestSlapd : IAsyncDisposable
{
    public const string Base = "dc=example,dc=org";
    public const string PortalName = $"cn=portal,{Base}";
    public const string PortalPassword = "portal-reads-only-1";
    public const string Password = "grace-and-the-compiler";

    private const string Admin = $"cn=admin,{Base}";
    private const string AdminPassword = "tests";

    private readonly TestFolder _folder;
    private Process? _process;

    private TestSlapd(TestFolder folder, int port, int tlsPort) => (_folder, Port, TlsPort) = (folder, port, tlsPort);

    public int Port { get; }

    public int TlsPort { get; }

    public string AuthorityFile => _folder["authority.pem"];

    public string StrangerFile => _folder["stranger.pem"];

    /// <summary>Starts it with the portal's account and what <paramref name="people"/> names.</summary>
    /// <param name="mostInAll">How many entries one account gets in all pages together; 0: all.</param>
    public static async Task<TestSlapd> StartAsync(IEnumerable<string> people, bool expired = false, int mostInAll = 0)
    {
        var slapd = new TestSlapd(new TestFolder(), FreePort.Next(), FreePort.Next());
        try
        {
            TestCertificates.Write(slapd._folder.Path, expired);
            Directory.CreateDirectory(slapd._folder["data"]);
            await File.WriteAllTextAsync(slapd._folder["slapd.conf"], Configuration(slapd._folder, mostInAll));
            await File.WriteAllTextAsync(slapd._folder["tree.ldif"], string.Join("\n", [Root, .. people.Select(Person)]));
            await RunAsync("slapadd", "-f", slapd._folder["slapd.conf"], "-l", slapd._folder["tree.ldif"]);
            await slapd.StartProcessAsync();
            return slapd;
        }
        catch
        {
            await slapd.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds, changes or deletes entries, as LDIF says.</summary>
    public async Task ChangeAsync(string ldif)
    {
        var file = _folder[$"{Guid.NewGuid():N}.ldif"];
        await File.WriteAllTextAsync(file, ldif.ReplaceLineEndings("\n") + "\n");
        await RunAsync("ldapmodify", "-x", "-H", $"ldap://127.0.0.1:{Port}", "-D", Admin, "-w", AdminPassword, "-f", file);
    }

    /// <summary>A group whose members' entries then name it (memberOf).</summary>
    public Task AddGroupAsync(string name, params string[] members) => ChangeAsync(
        $"dn: cn={name},{Base}\nchangetype: add\nobjectClass: groupOfNames\ncn: {name}\n{string.Join('\n', members.Select(m => "member: " + (m.Contains('=') ? m : EntryOf(m))))}");

    public static string EntryOf(string uid) => $"uid={uid},{Base}";

    public static string Person(string uid) =>
        $"dn: {EntryOf(uid)}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: {uid}\ndisplayName: {char.ToUpperInvariant(uid[0])}{uid[1..]} Example\nmail: {uid}@example.org\nuserPassword: {Password}\n";

    /// <summary>Settings that reach it over TLS with the portal's account.</summary>
    public DirectoryOptions Options(Action<DirectoryOptions>? change = null)
    {
        var options = new DirectoryOptions
        {
            Enabled = true, Servers = $"ldaps://localhost:{TlsPort}", AuthorityFile = AuthorityFile, BindDn = PortalName, BindPassword = PortalPassword, BaseDn = Base, ConnectSeconds = 60, AnswerSeconds = 60,
        };
        change?.Invoke(options);
        return options;
    }

    /// <summary>The same for the command line of a portal.</summary>
    public string[] Arguments() =>
    [
        "--Directory:Enabled=true", $"--Directory:Servers=ldaps://localhost:{TlsPort}", $"--Directory:AuthorityFile={AuthorityFile}", $"--Directory:BindDn={PortalName}", $"--Directory:BindPassword={PortalPassword}",
        $"--Directory:BaseDn={Base}", "--Directory:ConnectSeconds=60", "--Directory:AnswerSeconds=60",
    ];

    /// <summary>Ends the server; the ports take no connection any more.</summary>
    public async Task StopAsync()
    {
        if (_process is not { HasExited: false }) return;
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process?.Dispose();
        _folder.Dispose();
    }

    private async Task StartProcessAsync()
    {
        // With a debug level, even 0, it stays in the foreground.
        _process = Process.Start(new ProcessStartInfo(SlapdFactAttribute.Find("slapd")!, ["-f", _folder["slapd.conf"], "-h", $"ldap://127.0.0.1:{Port} ldaps://127.0.0.1:{TlsPort}", "-d", "0"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        await Eventually.Holds(async () =>
        {
            if (_process.HasExited) throw new InvalidOperationException($"slapd ended: {await _process.StandardError.ReadToEndAsync()}");
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, TlsPort);
            return true;
        }, because: "slapd takes connections");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(SlapdFactAttribute.Find(program)!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var said = await process.StandardError.ReadToEndAsync() + await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program}: {said}");
    }

    private static string Root => $"dn: {Base}\nobjectClass: dcObject\nobjectClass: organization\no: Example\ndc: example\n\ndn: {PortalName}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: portal\nuserPassword: {PortalPassword}\n";

    private static string Configuration(TestFolder folder, int mostInAll) => $$"""
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        moduleload memberof
        pidfile {{folder["slapd.pid"]}}
        TLSCertificateFile {{folder["server.pem"]}}
        TLSCertificateKeyFile {{folder["server.key"]}}
        sizelimit size.soft=25 size.hard=25 size.prtotal={{(mostInAll == 0 ? "unlimited" : mostInAll)}}
        database mdb
        maxsize 16777216
        suffix "{{Base}}"
        rootdn "{{Admin}}"
        rootpw {{AdminPassword}}
        directory {{folder["data"]}}
        overlay memberof
        access to attrs=userPassword by anonymous auth by * none
        access to * by dn.exact="{{PortalName}}" read by * none
        """;
}
