"""The only door for plugins: what they may use of the core, a line each."""

from sqlalchemy.orm import DeclarativeBase as DeclarativeBase

from core.access.permissions import Permission as Permission  # something a role may do
from core.access.permissions import fresh_sign_in as fresh_sign_in  # marks a view that asks for the password again
from core.access.permissions import public as public
from core.access.permissions import requires as requires  # marks a view with its permission
from core.agenda.sources import AgendaItem as AgendaItem  # something that falls on a day
from core.agenda.sources import AgendaSource as AgendaSource  # where a module's deadlines come from
from core.banking.reading import read_statement as read_statement  # a bank's file, CAMT.053 or table
from core.banking.sepa import Debit as Debit
from core.banking.sepa import DebitSequence as DebitSequence
from core.banking.sepa import Party as Party  # who orders a bank: name, IBAN, creditor identifier
from core.banking.sepa import Transfer as Transfer
from core.banking.sepa import credit_transfers as credit_transfers  # pain.001, valid
from core.banking.sepa import direct_debits as direct_debits  # pain.008, valid
from core.banking.sepa import read_creditor_identifier as read_creditor_identifier
from core.banking.statement import Statement as Statement
from core.banking.statement import StatementLine as StatementLine
from core.calendar.rules import add_months as add_months  # months, clamped to their end
from core.calendar.rules import deadline as deadline  # the last legal day of a term
from core.dashboard.cards import Card as Card  # a card on the home page
from core.database import policies as policies  # row-level security, for migrations
from core.database.changes import add_many as add_many  # thousands of rows in one statement, with their audit lines
from core.database.changes import explain as explain  # the reason on this transaction's audit lines
from core.database.field import Choice as Choice  # a closed list with labels and tones
from core.database.field import Exact as Exact  # a decimal of fixed places
from core.database.field import Moment as Moment  # an instant with its zone
from core.database.field import Money as Money  # euro, exact to the cent
from core.database.field import fact as fact  # a property that pages may show
from core.database.field import field as field  # a column with label and help
from core.database.field import now as now  # this instant, in UTC
from core.database.merging import Conflict as Conflict  # why two people cannot be merged yet
from core.database.merging import OnMerge as OnMerge
from core.database.merging import PersonReference as PersonReference  # a column that names people
from core.database.model import PYTHON_TYPES as PYTHON_TYPES  # how Python types become columns
from core.database.model import Record as Record  # mixin of every table
from core.database.model import metadata as metadata  # the one set of tables
from core.database.ownership import Common as Common  # rows read by all
from core.database.ownership import ConsentBound as ConsentBound  # rows about people
from core.database.ownership import PartnerOwned as PartnerOwned  # rows of one partner
from core.database.ownership import referable as referable  # lets same_partner point here
from core.database.ownership import same_partner as same_partner  # a key that refuses another partner's row
from core.database.scope import ROME as ROME  # the zone of legal days and of what people read
from core.database.scope import Scope as Scope  # who acts, for which partner, and what they may
from core.database.scope import date_in_italy as date_in_italy
from core.database.scope import scope_of as scope_of  # who acts, for which partner
from core.database.scope import today as today  # the legal date in Italy
from core.database.written import never_edited as never_edited  # rows that stay as they were written
from core.demo.steps import DemoStep as DemoStep  # what a plugin adds to the demo network
from core.documents import parts as parts  # what the body of a document is made of
from core.documents.declaration import DocumentKind as DocumentKind  # a PDF made of a record
from core.documents.pages import pdf_answer as pdf_answer  # a PDF as a page's answer
from core.documents.printing import make_pdf as make_pdf  # the bytes of a document, for other uses
from core.documents.services import printed as printed  # a report for reading now, in the partner's name
from core.events.declaration import Listener as Listener  # what is done after something happened
from core.events.services import announce as announce  # say that something happened, within the transaction
from core.files.sent import SentFile as SentFile  # a file as somebody sent it
from core.hooks import answers as answers  # marks an answer to a hook
from core.jobs.declaration import JobKind as JobKind  # work done apart from requests
from core.jobs.models import Job as Job
from core.jobs.models import JobState as JobState
from core.jobs.rules import next_daily as next_daily  # the next time an hour strikes in Italy
from core.jobs.services import cancel_job as cancel_job
from core.jobs.services import job_address as job_address
from core.jobs.services import start_job as start_job
from core.jobs.work import Work as Work  # a job as the code that does it sees it
from core.language import Words as Words  # text or a sentence not yet said
from core.language import _ as _
from core.language import in_context as in_context
from core.language import plural as plural
from core.language.formats import show_date as show_date
from core.language.formats import show_datetime as show_datetime
from core.language.formats import show_money as show_money
from core.language.formats import show_month as show_month
from core.language.formats import show_number as show_number
from core.language.formats import show_percent as show_percent
from core.language.matching import normalise as normalise  # the same name however it was typed
from core.language.reading import read_boolean as read_boolean
from core.language.reading import read_date as read_date  # a day as people write it, or a Refusal
from core.language.reading import read_decimal as read_decimal
from core.modules.findings import Duty as Duty  # rows that must be kept although the module goes
from core.modules.findings import Finding as Finding  # something to know before an action on the module
from core.modules.findings import Weight as Weight  # how much a finding weighs
from core.money.iban import read_iban as read_iban
from core.money.rules import half_up as half_up  # rounding at a named result
from core.money.rules import instalments as instalments  # equal parts, the last takes the rest
from core.money.rules import split_by_weight as split_by_weight  # largest remainder
from core.numbering.services import next_number as next_number  # HOUSING/2026/00001
from core.organisations.models import Organisation as Organisation
from core.parameters.declaration import ParameterKind as ParameterKind  # a dated value
from core.parameters.services import date_of as date_of
from core.parameters.services import decimal_of as decimal_of
from core.parameters.services import integer_of as integer_of
from core.parameters.services import patron_of as patron_of  # the municipality's own holiday, for `deadline`
from core.parameters.services import rows_of as rows_of
from core.parameters.services import seed as seed  # values shipped with their sources
from core.parameters.services import value_if_set as value_if_set
from core.parameters.services import value_of as value_of
from core.parameters.services import values_of as values_of  # several at once
from core.partners.models import Partner as Partner
from core.partners.models import PartnerKind as PartnerKind
from core.people.models import Household as Household
from core.people.models import HouseholdMember as HouseholdMember
from core.people.models import HouseholdRole as HouseholdRole
from core.people.models import IseeCertificate as IseeCertificate
from core.people.models import IseeKind as IseeKind
from core.people.models import Person as Person
from core.people.models.merge import is_of as is_of  # whether a column names a person, by a merged sheet too
from core.people.services import compose_household as compose_household
from core.people.services import find_or_register as find_or_register  # by codice fiscale
from core.people.services import record_isee as record_isee
from core.people.services.households import household_of as household_of  # where a person stands on a day
from core.people.services.isee import certificate_on as certificate_on  # the ISEE in force on a day
from core.places.models import Municipality as Municipality
from core.places.models import Place as Place
from core.refusals import NotFound as NotFound
from core.refusals import Refusal as Refusal
from core.refusals import Refusals as Refusals
from core.resource.columns import tell as tell  # a value in JSON
from core.resource.declaration import Action as Action
from core.resource.declaration import Facts as Facts
from core.resource.declaration import Import as Import  # how a file's rows are read
from core.resource.declaration import Move as Move
from core.resource.declaration import Panel as Panel
from core.resource.declaration import Related as Related
from core.resource.declaration import Resource as Resource
from core.resource.declaration import Workflow as Workflow
from core.resource.endpoints import read_sent as read_sent  # the JSON sent, read by a form's fields
from core.resource.endpoints import say as say  # a JSON answer
from core.resource.endpoints import take_purpose as take_purpose  # what a program reads special data for
from core.resource.endpoints import takes as takes  # the form of what an endpoint is sent, for the API's document
from core.resource.exporting import table_response as table_response  # a page's own rows in XLSX or CSV
from core.resource.fields import ChoiceField as ChoiceField
from core.resource.fields import ChoicesField as ChoicesField  # several of a list, as boxes to tick
from core.resource.fields import DateField as DateField
from core.resource.fields import DecimalField as DecimalField
from core.resource.fields import IbanField as IbanField
from core.resource.fields import IntegerField as IntegerField
from core.resource.fields import LongTextField as LongTextField
from core.resource.fields import LookupField as LookupField
from core.resource.fields import MoneyField as MoneyField
from core.resource.fields import PhoneField as PhoneField
from core.resource.fields import TextField as TextField
from core.resource.fields import TimeField as TimeField
from core.resource.fields import YesNoField as YesNoField
from core.resource.fields import at_most as at_most
from core.resource.fields import optional as optional
from core.resource.fields import required as required
from core.resource.forms import RecordForm as RecordForm
from core.resource.forms import model_form as model_form
from core.resource.forms import open_form as open_form
from core.resource.kept import kept_file as kept_file  # a file sent to be tried, until it is written
from core.resource.lookup import names_of as names_of  # a choice's label in every language
from core.resource.panels import RecordPanel as RecordPanel
from core.resource.reports import Problem as Problem  # what is wrong in a file: row, column, value, reason
from core.resource.sent_file_field import SentFileField as SentFileField
from core.resource.tables import Table as Table
from core.resource.tables import read_table as read_table  # the rows of a CSV or XLSX file
from core.resource.withholding import notice_of as notice_of  # what stands in the place of special data
from core.rights.about import About as About  # where a module writes of a person, table by table
from core.rights.about import Hold as Hold  # rows that stay when a person is erased
from core.rights.about import Keep as Keep  # what the law obliges to keep, and until when
from core.rights.about import Section as Section  # rows of a person, for who asks what is kept
from core.rights.about import Step as Step  # rows that go when a person is erased
from core.rights.about import sections as sections
from core.rights.about import steps as steps
from core.special.reading import (
    is_withheld as is_withheld,  # whether special data want a purpose first; if not, it is noted
)
from core.web.form_parts import ticked as ticked  # the records ticked in a list
from core.web.links import Link as Link  # somewhere to go
from core.web.links import MenuItem as MenuItem
