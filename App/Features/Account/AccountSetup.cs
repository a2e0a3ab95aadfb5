using BlazorAdmin.Shell;

namespace BlazorAdmin.Features.Account;

public static class AccountSetup
{
    public static Portal AddAccount(this Portal portal)
    {

        return portal;
    }

    public static void MapAccount(this WebApplication app)
    {
    }
}
