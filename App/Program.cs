var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.UseStaticFiles();
app.MapStaticAssets();
app.MapGet("/", () => "hello");
app.Run();
