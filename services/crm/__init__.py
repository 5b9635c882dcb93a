"""The CRM: accounts, deals and notes of the company that was met."""

from services.crm.crm import Crm, facts
