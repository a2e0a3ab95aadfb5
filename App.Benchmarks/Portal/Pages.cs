using BlazorAdmin.Benchmarks.Circuits;

namespace BlazorAdmin.Benchmarks.Portal;

/// <summary>The pages that are measured, and how it shows that they are there.</summary>
internal static class Pages
{
    public const string Shell = "/about";
    public const string List = "/admin/users";
    public const string Dashboard = "/";
    public const string Charts = "/admin/monitor";
    public const string Counter = "/counter";
    private const int LeastRows = 25;

    public static bool ShellIsReady(PageDocument document) => document.Nodes.Any(node => node.Name == "nav") && document.Nodes.Any(node => node.Name == "h1");

    public static bool ListIsReady(PageDocument document) => Rows(document).Take(LeastRows).Count() == LeastRows;

    public static bool DashboardIsReady(PageDocument document) => document.Nodes.Count(node => node.Attributes.GetValueOrDefault("class")?.Contains("widget", StringComparison.Ordinal) == true) > 2;

    public static bool CounterIsReady(PageDocument document) => CounterClick.IsReady(document);

    /// <summary>Sorts the list by its first column, the other way round each time: a query and 25 new rows.</summary>
    public static ClickScript SortClick { get; } = new(
        List,
        document => document.Find("onclick", node => node.Name == "button" && node.Attributes.GetValueOrDefault("class") == "sort"),
        document => Rows(document).FirstOrDefault()?.InnerText());

    public static ClickScript CounterClick { get; } = new(
        Counter,
        document => document.Find("onclick", node => node.Name == "button"),
        document => document.Nodes.FirstOrDefault(node => node.Attributes.GetValueOrDefault("role") == "status")?.InnerText());

    private static IEnumerable<PageNode> Rows(PageDocument document) => document.Nodes.Where(node => node.Name == "tr" && node.Attributes.ContainsKey("data-row"));
}
